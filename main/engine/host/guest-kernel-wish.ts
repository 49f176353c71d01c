/** Which guest kernel sandboxes boot, where there are guest assets with several. */
import { AppError } from '../base/app-error.ts';
import type { GuestKernelKind } from './guest-assets.ts';

/** `auto` is for the one of the guest assets that were built last. */
export type GuestKernelWish = GuestKernelKind | 'auto';

/** See {@link GuestKernelWish}. */
export const guestKernelWishes: readonly GuestKernelWish[] = ['own', 'debian', 'auto'];

/**
 * What `SKERRY_GUEST_KERNEL` asks for.
 * @throws AppError `config/invalid` where it has another value
 */
export function guestKernelWish(env: NodeJS.ProcessEnv = process.env): GuestKernelWish {
  const value = env['SKERRY_GUEST_KERNEL'];
  if (value === undefined || value === '') return 'auto';
  const wish = guestKernelWishes.find((one) => one === value);
  if (wish !== undefined) return wish;
  const message = `SKERRY_GUEST_KERNEL is "${value}"; it can be own, debian or auto.`;
  throw new AppError('config/invalid', message, {
    hint: 'Set SKERRY_GUEST_KERNEL to own, debian or auto, or unset it.',
  });
}
