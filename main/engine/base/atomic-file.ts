/** Replacing a file so that a reader, or a machine that loses power, sees the old or the new one. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asDiskError } from './disk-error.ts';

/** Options of {@link writeFileAtomic}. */
export interface WriteFileAtomicOptions {
  /** Permission bits of the file, before the umask. By default the owner's alone: 0600. */
  readonly mode?: number;
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
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o600);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
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
