/** Whether the files of a content store are what they are named by. */
import { lstat, rm } from 'node:fs/promises';
import type { ContentStore } from './content-store.ts';
import { hashFile, sizeOfFile, type HashFileOptions } from './file-bytes.ts';

/** Whether the blob's bytes are those of its digest; undefined where it is not there. */
export async function isBlobRight(
  store: ContentStore,
  digest: string,
  options: HashFileOptions = {},
): Promise<boolean | undefined> {
  const path = store.blobPath(digest);
  if ((await sizeOfFile(path)) === undefined) return undefined;
  return (await hashFile(path, options)) === digest;
}

/** Removes the blob where its bytes are not those of its digest. Returns whether they were not. */
export async function removeBlobIfWrong(store: ContentStore, digest: string): Promise<boolean> {
  const path = store.blobPath(digest);
  const before = await inodeOf(path);
  if (before === undefined || (await hashFile(path)) === digest) return false;
  // A pull may have put the right one in its place meanwhile.
  if ((await inodeOf(path)) === before) await rm(path, { force: true });
  return true;
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() === true ? found.ino : undefined;
}
