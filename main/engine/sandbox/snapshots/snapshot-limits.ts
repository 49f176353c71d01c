/** What of a sandbox can be kept, and why not. Pure. */
import { AppError } from '../../base/app-error.ts';
import { deepestChain, type DiskChain } from '../../snapshot/disk-chain.ts';
import { diskOf } from '../disk-of-record.ts';
import type { SandboxRecord } from '../sandbox-record.ts';

/**
 * The disk that can be kept.
 * @throws AppError `snapshot/not-possible` where the sandbox writes to what is not its own
 */
export function keepableDisk(record: SandboxRecord): DiskChain {
  const { root, config } = record;
  const disk = diskOf(record);
  if (disk === undefined) {
    const path = root.kind === 'image' ? '' : root.path;
    const message = `"${config.name}" has no disk of its own: it writes to ${path} itself.`;
    throw new AppError('snapshot/not-possible', message, {
      hint:
        root.kind === 'disk'
          ? 'Make a sandbox of a fork of the disk.'
          : 'Make a sandbox of the directory that leaves it as it is.',
    });
  }
  if (disk.length < deepestChain) return disk;
  const message = `The disk of "${config.name}" consists of ${String(disk.length)} files already.`;
  throw new AppError('snapshot/not-possible', message, {
    hint: 'Stop it and start it again; its disk is made one file then.',
  });
}

/** Why the memory of a machine that runs cannot be kept; undefined where it can. */
export function whyNoMemory({ run }: Pick<SandboxRecord, 'run'>): string | undefined {
  if (run?.sharedBy !== undefined) {
    return 'Directories of this machine are mounted in it, and what serves them cannot be saved.';
  }
  if (run !== undefined && run.machine === undefined) {
    return 'It was started by an earlier version of Skerry; restart it first.';
  }
  return undefined;
}
