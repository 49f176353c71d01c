/** Writes images of the store to a file: beside it first, and under its name when it is whole. */
import { randomUUID } from 'node:crypto';
import { link, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArchiveFormat } from '../../../contract/image-transfer.ts';
import { AppError, cancelledError } from '../../base/app-error.ts';
import { syncDirectory } from '../../base/atomic-file.ts';
import { asDiskError, systemErrorCode } from '../../base/disk-error.ts';
import type { ContentStore } from '../../oci/content-store.ts';
import { quote } from '../../oci/quote.ts';
import { planArchive } from './plan-archive.ts';
import type { StoredImage } from './stored-image.ts';
import { writeArchive } from './write-archive.ts';

/** Options of {@link exportImages}. */
export interface ExportImagesOptions {
  readonly format: ArchiveFormat;
  /** Takes the place of a file that is there. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

/**
 * Writes the archive. Whatever fails, what was at the path stays, and nothing is left beside it.
 * @throws AppError `image/file-exists`, `image/path-unusable`, `store/corrupt`, `store/no-space`,
 *   `operation/cancelled`
 */
export async function exportImages(
  images: readonly StoredImage[],
  content: ContentStore,
  path: string,
  options: ExportImagesOptions,
): Promise<void> {
  const { signal, onProgress, replace } = options;
  const target = await chooseTarget(path, replace);
  const temporary = join(dirname(target), `.skerry-${randomUUID()}.tmp`);
  try {
    // For whom the user's own files are: the umask says it.
    const file = await open(temporary, 'wx', 0o666);
    try {
      await writeArchive(planArchive(options.format, images), content, file, {
        signal,
        onProgress,
      });
      await file.sync();
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
    await publish(temporary, target, replace);
    await syncDirectory(dirname(target));
  } catch (error) {
    if (signal.aborted) throw cancelledError(`The export to ${path}`);
    throw asPathError(asDiskError(error, path), path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Where the file goes: a symlink to a file is followed, a device or a directory refused. */
async function chooseTarget(path: string, replace: boolean): Promise<string> {
  try {
    const found = await lstat(path);
    if (!replace && !found.isDirectory()) throw fileExists(path);
    const target = found.isSymbolicLink() ? await realpath(path) : path;
    if ((await lstat(target)).isFile()) return target;
    const what = found.isDirectory() ? 'is a directory' : 'is not a regular file';
    throw new AppError('image/path-unusable', `${quote(path, 400)} ${what}.`);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return path;
    throw asPathError(error, path);
  }
}

/** Gives the file its name; without `replace` never to one that has come meanwhile. */
async function publish(temporary: string, target: string, replace: boolean): Promise<void> {
  if (replace) {
    await rename(temporary, target);
    return;
  }
  try {
    await link(temporary, target);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') throw fileExists(target);
    // Some file systems have no hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    await chooseTarget(target, false);
    await rename(temporary, target);
  }
}

function fileExists(path: string): AppError {
  return new AppError('image/file-exists', `There is a file ${quote(path, 400)} already.`);
}

function asPathError(error: unknown, path: string): unknown {
  const unusable = (problem: string): AppError =>
    new AppError('image/path-unusable', `${quote(path, 400)} cannot be written: ${problem}.`, {
      cause: error,
    });
  switch (systemErrorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return unusable(`there is no directory ${quote(dirname(path), 400)}`);
    case 'EACCES':
    case 'EPERM':
      return unusable('this user may not');
    case 'EROFS':
      return unusable('the file system is read-only');
    case 'ENAMETOOLONG':
      return unusable(`the name ${quote(basename(path))} is too long`);
    default:
      return error;
  }
}
