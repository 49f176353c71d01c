/** Who uses the file of a disk image, so that no two sandboxes write it or pull it from under each other. */
import { stat } from 'node:fs/promises';
import { AppError } from '../base/app-error.ts';
import type { RootRecord } from '../snapshot/root-record.ts';

/** A sandbox as far as its disk is concerned. */
export interface DiskUser {
  readonly name: string;
  /** Absent: a sandbox. */
  readonly kind?: 'snapshot';
  readonly root: RootRecord | undefined;
  /** Whether a machine of it runs, or is about to. */
  readonly isAlive: boolean;
}

interface Files {
  readonly written: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
}

/**
 * A disk is written by one sandbox at a time, and by none that would change what forks of it rest on.
 * @throws AppError `root/in-use` naming the other sandbox
 */
export async function checkDiskIsFree(me: DiskUser, others: readonly DiskUser[]): Promise<void> {
  if (me.root?.kind !== 'disk') return;
  const mine = await filesOf(me.root);
  for (const other of others) {
    if (other.root?.kind !== 'disk') continue;
    const theirs = await filesOf(other.root);
    const refuse = (why: string, hint: string): never => {
      const path = me.root?.kind === 'disk' ? me.root.path : '';
      throw new AppError('root/in-use', `${path} ${why}`, {
        hint,
        details: { disk: path, sandbox: other.name },
      });
    };
    if (
      other.isAlive &&
      (meets(mine.written, theirs.written) || meets(mine.read, theirs.written))
    ) {
      refuse(`is in use by the sandbox "${other.name}".`, `Stop "${other.name}" first.`);
    }
    if (meets(mine.written, theirs.read)) {
      refuse(
        `is what the disk of the ${other.kind ?? 'sandbox'} "${other.name}" rests on; writing it would damage that one.`,
        `Remove "${other.name}" first, or fork the disk for this sandbox as well.`,
      );
    }
  }
}

async function filesOf(root: Extract<RootRecord, { kind: 'disk' }>): Promise<Files> {
  const below = root.backing.map((file) => file.path);
  const [written, read] = root.isForked ? [[], [root.path, ...below]] : [[root.path], below];
  return { written: await keysOf(written), read: await keysOf(read) };
}

/** By device and inode: one file may have several paths. A file that has gone is known by its path. */
async function keysOf(paths: readonly string[]): Promise<Set<string>> {
  const keys = paths.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found === undefined ? path : `${String(found.dev)}:${String(found.ino)}`;
  });
  return new Set(await Promise.all(keys));
}

function meets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((key) => other.has(key));
}
