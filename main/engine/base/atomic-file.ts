/** Replacing a file so that a reader, or a machine that loses power, sees the old or the new one. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asDiskError } from './disk-error.ts';

/** Options of {@link writeFileAtomic}. */
export interface WriteFileAtomicOptions {
  /** Permission bits of the file, before the umask. By default the owner's alone: 0600. */
  readonly mode?: number;
  /**
   * False for what means nothing once the machine has lost its power: readers see the old or the
   * new file still, and nobody waits for a disk. True by default.
   */
  readonly flush?: boolean;
}

/**
 * Writes `data` beside `path`, flushes it, and renames it over `path`. The directory must be there.
 * Throws `store/no-space` where the disk is full; whatever fails, the old file stays as it was.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteFileAtomicOptions = {},
): Promise<void> {
  const { mode = 0o600, flush = true } = options;
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(data);
      if (flush) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    if (flush) await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asDiskError(error, path);
  }
}

/** Flushes the entries of a directory: without it a rename can be lost with the power. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
