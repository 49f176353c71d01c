/** The disks that a machine has while it rehearses: of our own making, whoever it is for later. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { GuestAssets } from '../../host/guest-assets.ts';
import { writeSeedDisk } from '../../image/seed-disk.ts';
import { disksInSlots } from '../../template/template-shape.ts';
import type { VmDisk } from '../../vm/driver.ts';
import { serials } from '../plan-boot.ts';

/** Makes the disk that a sandbox writes to. */
export type CreateUpperDisk = (assets: GuestAssets, file: string, sizeMiB: number) => Promise<void>;

const upperMiB = 64;

/** Where they are. */
export interface StandbyDisks {
  readonly disks: readonly VmDisk[];
  readonly remove: () => Promise<void>;
}

/**
 * A root with a shell, and an empty disk above it, in a folder that is made.
 * @param shell a static program that is a shell
 */
export async function makeStandbyDisks(
  dir: string,
  shell: string,
  { assets, createUpperDisk }: { assets: GuestAssets; createUpperDisk: CreateUpperDisk },
  signal: AbortSignal,
): Promise<StandbyDisks> {
  const at = (name: string): string => path.join(dir, name);
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  try {
    const root = { descriptor: at('root.vmdk'), metadata: at('root.meta'), data: at('root.data') };
    const items = ['sh', 'ls'].map((name) => ({ name, hostPath: shell }));
    await writeSeedDisk(root, { bin: items }, signal);
    await createUpperDisk(assets, at('upper'), upperMiB);
    const disks = disksInSlots([
      { serial: serials.root, path: root.descriptor, format: 'vmdk', readOnly: true },
      { serial: serials.upper, path: at('upper'), format: 'raw', readOnly: false },
    ]);
    return { disks, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The places of those disks, without them. */
export function emptyDisks(): VmDisk[] {
  return disksInSlots([{ serial: serials.upper, format: 'none', readOnly: false }]);
}

/** Whether disks can come into those places: each is written or is not, as they are. */
export function fitsStandby(disks: readonly VmDisk[]): boolean {
  const places = emptyDisks();
  return disks.every(({ serial, readOnly }) =>
    places.some((place) => place.serial === serial && place.readOnly === readOnly),
  );
}
