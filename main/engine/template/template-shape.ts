/**
 * What has to be the same for a sandbox to start from a template. Pure: from what a machine needs
 * and what the host is, to a shape and its key.
 */
import { createHash } from 'node:crypto';
import type { Accelerator } from '../../contract/sandbox.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { VmDisk, VmNetwork, VmShareEntry, VmShares, VmSpec } from '../vm/driver.ts';

/** Rises when a template of before cannot be used any more: its devices, or what its agent does. */
const formatVersion = 1;

/** The disks of every template, in the order of their places. */
const diskSlots = ['root', 'upper', 'seed'] as const;

/** Directories by 9p that a template has room for. */
export const shareSlots = 4;

/** On the kernel's command line: the agent gets itself ready to be saved; PROTOCOL.md, "Templates". */
export const templateWord = 'skerry.template';

/** What a machine is to have. */
export interface MachineNeeds {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly accelerator: Accelerator;
  /** `disk`: the guest brings the filesystems of disk images. */
  readonly initramfs: 'image' | 'disk';
  readonly disks: readonly VmDisk[];
  readonly shares: VmShares | undefined;
  readonly network: VmNetwork;
}

/** What of this host a template depends on. */
export interface TemplateHost {
  readonly assets: Pick<GuestAssets, 'manifest' | 'kernelArguments'>;
  /** The driver can save machines, and go on from them. */
  readonly canSave: boolean;
  /** The driver's own: another one reads no state of this one. */
  readonly driverVersion: string;
  /** What a guest sees of the processor, where it is the host's own. */
  readonly processor: string;
}

/** See the head of this file. */
export interface TemplateShape {
  /** 32 hexadecimal digits; what differs in any part has another one. */
  readonly key: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly accelerator: Accelerator;
  readonly initramfs: 'image' | 'disk';
  /** Devices of 9p: {@link shareSlots} or none. */
  readonly shares: number;
  readonly network: VmNetwork;
  /** Of the guest assets that it is made of. */
  readonly assetsKey: string;
  readonly kernelRelease: string;
  /**
   * Of the time-stamp counter, where the guest is told: a guest that goes on elsewhere counts time by
   * it. It is measured, so that it differs a little each time, and is no part of the key.
   */
  readonly tscKHz: number | undefined;
}

/** A shape, or why there is none. */
export type ShapeChoice =
  | { readonly shape: TemplateShape; readonly why?: undefined }
  | { readonly shape?: undefined; readonly why: string };

const tscArgument = 'tsc_early_khz=';

/** Decides whether a machine can start from a template, and from which. */
export function chooseShape(needs: MachineNeeds, host: TemplateHost): ShapeChoice {
  const { cpus, memoryMiB, accelerator, initramfs, disks, network } = needs;
  const { manifest, kernelArguments } = host.assets;
  if (!host.canSave) return { why: 'Machines cannot be saved on this host.' };
  if (needs.shares?.transport === 'virtiofs') {
    return { why: 'Directories that are shared by virtiofs need a machine that is booted.' };
  }
  const shareCount = needs.shares?.entries.length ?? 0;
  if (shareCount > shareSlots) {
    return {
      why: `It shares ${String(shareCount)} directories; ${String(shareSlots)} are possible.`,
    };
  }
  if (disks.some(({ serial }) => !isSlot(serial))) return { why: 'It has a disk of its own kind.' };
  const shares = shareCount === 0 ? 0 : shareSlots;
  const tsc = kernelArguments.find((argument) => argument.startsWith(tscArgument));
  const parts = {
    formatVersion,
    ...{ cpus, memoryMiB, accelerator, initramfs, shares, network },
    assets: manifest.key,
    arguments: kernelArguments.filter((argument) => argument !== tsc),
    driver: host.driverVersion,
    processor: accelerator === 'tcg' ? '' : host.processor,
  };
  return {
    shape: {
      key: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32),
      ...{ cpus, memoryMiB, accelerator, initramfs, shares, network },
      assetsKey: manifest.key,
      kernelRelease: manifest.kernel.release,
      tscKHz: tsc === undefined ? undefined : Number(tsc.slice(tscArgument.length)),
    },
  };
}

/** Parts in a million by which two measurements of one counter may differ. */
const tscTolerance = 500e-6;

/** Whether a guest that was told one rate counts time well enough at the other. */
export function isSameTsc(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Math.abs(one - other) <= one * tscTolerance;
}

/** The disks of a machine in the places of its template; without any, those of the template itself. */
export function disksInSlots(disks: readonly VmDisk[] = []): VmDisk[] {
  return diskSlots.map((serial) => {
    const disk = disks.find((each) => each.serial === serial);
    return disk ?? { serial, format: 'none', readOnly: true };
  });
}

/** The shared directories of a machine in the places of its template; `empty` is one without files. */
export function sharesInSlots(
  shape: Pick<TemplateShape, 'shares'>,
  shares: VmShares | undefined,
  empty: string,
): VmShares | undefined {
  if (shape.shares === 0) return undefined;
  const entries = Array.from({ length: shape.shares }, (_, index): VmShareEntry => {
    const name = shareName(index);
    const entry = shares?.entries.find((each) => each.name === name);
    return entry ?? { name, path: empty, isFile: false, readOnly: true };
  });
  return { transport: '9p', entries };
}

/** By which a guest asks for a shared directory: the same in every sandbox. */
export function shareName(index: number): string {
  return `s${String(index)}`;
}

/** The machine of a template, but for what it is made of and where. */
export function templateMachine(
  shape: TemplateShape,
  assets: Pick<
    GuestAssets,
    'kernelPath' | 'initramfsPath' | 'diskInitramfsPath' | 'kernelArguments'
  >,
  empty: string,
): Omit<VmSpec, 'id' | 'runtimeDir' | 'consoleLogPath' | 'monitorLogPath'> {
  const shares = sharesInSlots(shape, undefined, empty);
  const { cpus, memoryMiB, accelerator, network } = shape;
  return {
    ...{ cpus, memoryMiB, accelerator, network },
    kernelPath: assets.kernelPath,
    initramfsPath: shape.initramfs === 'disk' ? assets.diskInitramfsPath : assets.initramfsPath,
    kernelArguments: [...assets.kernelArguments, templateWord],
    disks: disksInSlots(),
    ...(shares === undefined ? {} : { shares }),
  };
}

function isSlot(serial: string): boolean {
  return (diskSlots as readonly string[]).includes(serial);
}
