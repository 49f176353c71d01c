/**
 * What a machine was started as, kept so that another one can go on from where it was saved: that
 * one must be the same. Paths of the sandbox's own folder are relative to it, so that a copy of the
 * folder is as good.
 */
import path from 'node:path';
import { z } from 'zod';
import { acceleratorSchema } from '../../../contract/sandbox.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import type { SavedVm, VmDisk, VmSpec } from '../../vm/driver.ts';

const maxDisks = 32;
/** Depth of what may be below a disk, as `vm/plan.ts` has it. */
const maxBackingFiles = 80;
const maxShares = 128;
const maxPathCharacters = 4096;

/** Absolute, or inside the sandbox's folder. */
const pathSchema = z
  .string()
  .min(1)
  .max(maxPathCharacters)
  .refine((text) => !text.includes('\0'), 'A path has no NUL character.')
  .refine(
    (text) => path.isAbsolute(text) || !text.split('/').includes('..'),
    'A relative path stays inside the folder.',
  );

const formatSchema = z.enum(['raw', 'qcow2', 'vmdk']);
const serialSchema = z.string().min(1).max(20);

const fileDiskSchema = z.strictObject({
  serial: serialSchema,
  path: pathSchema,
  format: formatSchema,
  readOnly: z.boolean(),
  backing: z
    .array(z.strictObject({ path: pathSchema, format: formatSchema }))
    .max(maxBackingFiles)
    .optional(),
});

/** In whose place nothing is. */
const placeholderSchema = z.strictObject({
  serial: serialSchema,
  format: z.literal('none'),
  readOnly: z.boolean(),
});

const diskSchema = z.union([fileDiskSchema, placeholderSchema]);

const shareSchema = z.strictObject({
  name: z.string().max(31),
  path: pathSchema,
  isFile: z.boolean(),
  readOnly: z.boolean(),
});

/** See the head of this file. */
export const machineShapeSchema = z.strictObject({
  /** Of QEMU: `7.2.22`. */
  driverVersion: z.string().max(64),
  accelerator: acceleratorSchema,
  /** The host's processor, where the guest sees it as it is. */
  hostCpu: z.string().max(256).optional(),
  /** `key` of the guest assets' manifest: the kernel and the agent that are in its memory. */
  assetsKey: z.string().max(256),
  /** Of the agent that is in its memory. */
  agentProtocol: z.int().nonnegative(),
  cpus: z.int().min(1).max(64),
  memoryMiB: z
    .int()
    .min(32)
    .max(4 * 1024 * 1024),
  initramfs: z.enum(['image', 'disk']),
  kernelArguments: z.array(z.string().max(1024)).max(64),
  /** In the order of their devices. */
  disks: z.array(diskSchema).max(maxDisks),
  /** Of 9p alone, and without what serves them. */
  shares: z
    .strictObject({
      transport: z.enum(['virtiofs', '9p']),
      entries: z.array(shareSchema).max(maxShares),
    })
    .optional(),
  network: z.strictObject({ mac: z.string().max(17), mtu: z.int().min(68).max(65535) }).optional(),
  /** It began from a template, so its memory is laid out as that of one. */
  isFromTemplate: z.boolean(),
});

/** See {@link machineShapeSchema}. */
export type MachineShape = z.infer<typeof machineShapeSchema>;

/** What a spec does not say of the machine that is made of it. */
export type ShapeFacts = Pick<
  MachineShape,
  'driverVersion' | 'hostCpu' | 'assetsKey' | 'agentProtocol' | 'initramfs' | 'isFromTemplate'
>;

/** Where a machine is to be, which may be another place than the one it was saved at. */
export interface MachinePlace extends Pick<
  VmSpec,
  'id' | 'runtimeDir' | 'consoleLogPath' | 'monitorLogPath'
> {
  /** The sandbox's folder. */
  readonly dir: string;
  readonly assets: Pick<GuestAssets, 'kernelPath' | 'initramfsPath' | 'diskInitramfsPath'>;
}

/** @param dir the sandbox's folder */
export function shapeOf(spec: VmSpec, dir: string, facts: ShapeFacts): MachineShape {
  const { accelerator, cpus, memoryMiB, kernelArguments, shares, network } = spec;
  return {
    ...facts,
    ...{ accelerator, cpus, memoryMiB },
    kernelArguments: [...kernelArguments],
    disks: spec.disks.map((disk) => keptDisk(disk, dir)),
    ...(shares === undefined
      ? {}
      : {
          shares: {
            transport: shares.transport,
            entries: shares.entries.map((entry) => ({ ...entry, path: inside(entry.path, dir) })),
          },
        }),
    ...(network === undefined ? {} : { network }),
  };
}

/** The spec of a machine that goes on where one of this shape was saved. */
export function specOf(shape: MachineShape, place: MachinePlace, from: SavedVm): VmSpec {
  const { cpus, memoryMiB, accelerator, kernelArguments, shares, network } = shape;
  const { id, dir, assets, runtimeDir, consoleLogPath, monitorLogPath } = place;
  return {
    ...{ id, cpus, memoryMiB, accelerator, kernelArguments },
    kernelPath: assets.kernelPath,
    initramfsPath: shape.initramfs === 'disk' ? assets.diskInitramfsPath : assets.initramfsPath,
    disks: shape.disks.map((disk) => foundDisk(disk, dir)),
    ...(shares === undefined
      ? {}
      : {
          shares: {
            transport: shares.transport,
            entries: shares.entries.map((entry) => ({ ...entry, path: within(entry.path, dir) })),
          },
        }),
    ...(network === undefined ? {} : { network }),
    ...{ runtimeDir, consoleLogPath, monitorLogPath, from },
  };
}

function keptDisk(disk: VmDisk, dir: string): MachineShape['disks'][number] {
  const { serial, readOnly } = disk;
  if (disk.format === 'none') return { serial, format: disk.format, readOnly };
  const { format, backing } = disk;
  return {
    ...{ serial, format, readOnly },
    path: inside(disk.path, dir),
    ...(backing === undefined
      ? {}
      : { backing: backing.map((below) => ({ ...below, path: inside(below.path, dir) })) }),
  };
}

function foundDisk(disk: MachineShape['disks'][number], dir: string): VmDisk {
  if (disk.format === 'none') return disk;
  const { serial, format, readOnly, backing } = disk;
  return {
    ...{ serial, format, readOnly },
    path: within(disk.path, dir),
    ...(backing === undefined
      ? {}
      : { backing: backing.map((below) => ({ ...below, path: within(below.path, dir) })) }),
  };
}

/** Relative where it is in the folder. */
function inside(file: string, dir: string): string {
  const relative = path.relative(dir, file);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside ? relative : file;
}

function within(file: string, dir: string): string {
  return path.isAbsolute(file) ? file : path.join(dir, file);
}
