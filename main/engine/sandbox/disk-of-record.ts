/** Which files a sandbox's writable disk consists of. Pure. */
import type { DiskChain } from '../snapshot/disk-chain.ts';
import { isWhole } from '../snapshot/disk-chain.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import { hasUpperDisk } from './has-upper-disk.ts';

type Facts = Pick<SandboxRecord, 'config' | 'root' | 'disk'>;

/** The disk of a sandbox that has one, as it was made with it unless the record says otherwise. */
export function diskOf({ config, root, disk }: Facts): DiskChain | undefined {
  if (hasUpperDisk(config, root)) return disk ?? [{ name: 'upper.img', format: 'raw' }];
  if (root.kind !== 'disk' || !root.isForked) return undefined;
  return disk ?? [{ name: 'fork.qcow2', format: 'qcow2' }];
}

/** What is below the chain: the disk that was forked, unless the chain has all of it. */
export function belowDisk(
  root: RootRecord,
  chain: DiskChain,
): { readonly path: string; readonly format: 'raw' | 'qcow2' | 'vmdk' }[] {
  if (root.kind !== 'disk' || isWhole(chain)) return [];
  return [{ path: root.path, format: root.format }, ...root.backing];
}
