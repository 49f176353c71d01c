/** Which kernel the guest assets are made of: our own, or the distribution's. */
import type { GuestKernelWish } from '../../main/engine/host/guest-kernel-wish.ts';
import { findKernelPackages, type DebianPackage } from './debian-packages.ts';
import { readGuestKernel, type GuestKernel } from './kernel.ts';
import { findOwnKernel, type OwnKernel } from './own-kernel.ts';
import { readOwnKernel } from './read-own-kernel.ts';

/** The own kernel is wanted and is not there; `npm run kernel` builds it. */
export class OwnKernelMissingError extends Error {
  override readonly name = 'OwnKernelMissingError';
}

/** What was chosen. */
export type KernelChoice =
  { readonly kind: 'own'; readonly kernel: OwnKernel } | { readonly kind: 'debian' };

/** Where own kernels are, and what is wanted. */
export interface ChoiceOptions {
  /** `auto` is for the own kernel where it is built, and the distribution's where it is not. */
  readonly wish: GuestKernelWish;
  readonly kernelsDir: string;
  /** As Node names it. */
  readonly arch: string;
  readonly signal?: AbortSignal | undefined;
}

/** @throws OwnKernelMissingError */
export async function chooseKernel(options: ChoiceOptions): Promise<KernelChoice> {
  const { wish, kernelsDir } = options;
  if (wish === 'debian') return { kind: 'debian' };
  const kernel = await findOwnKernel(options);
  if (kernel !== undefined) return { kind: 'own', kernel };
  if (wish === 'auto') return { kind: 'debian' };
  throw new OwnKernelMissingError(
    `There is no own kernel of this version in ${kernelsDir}. Run \`npm run kernel\` to build it.`,
  );
}

/** Says which choice assets were made of, where it decides what their files are. */
export function wordOf(choice: KernelChoice): string {
  return choice.kind === 'own' ? `own ${choice.kernel.key}` : 'debian';
}

/** What to fetch for a choice; nothing for the own kernel, which is there. */
export async function packagesOf(
  choice: KernelChoice,
  debianArch: string,
  signal?: AbortSignal,
): Promise<DebianPackage[]> {
  return choice.kind === 'own' ? [] : await findKernelPackages(debianArch, signal);
}

/** The kernel of a choice, whose packages were unpacked into `packageRoot`. */
export async function readChosenKernel(
  choice: KernelChoice,
  packageRoot: string,
  arch: string,
): Promise<GuestKernel> {
  return choice.kind === 'own' ? readOwnKernel(choice.kernel) : readGuestKernel(packageRoot, arch);
}
