/** Making a file that is there whole or not at all, and never in the place of another. */
import { randomUUID } from 'node:crypto';
import { link, open, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from './atomic-file.ts';
import { asDiskError } from './disk-error.ts';

/**
 * Lets `write` fill a file of mode 0600 beside `path`, flushes it, and gives it that name. A process
 * that dies meanwhile leaves `.NAME.*.tmp` at most.
 * Throws `EEXIST` where `path` is there already, `store/no-space` where the disk is full, and
 * whatever `write` throws; nothing is left then.
 */
export async function writeNewFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, does not replace what has the name.
    await link(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    throw asDiskError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
