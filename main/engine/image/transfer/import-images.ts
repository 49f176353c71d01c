/** Brings the images of an archive or a directory into the store. */
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImageReference } from '../../../contract/image-reference.ts';
import { AppError, cancelledError } from '../../base/app-error.ts';
import { asDiskError, systemErrorCode } from '../../base/disk-error.ts';
import type { GuestPlatform } from '../../oci/platform.ts';
import { quote } from '../../oci/quote.ts';
import { prepareImage, type ImageStores } from '../prepare-image.ts';
import type { RootRecord } from '../root-store.ts';
import type { PullProgress } from '../types.ts';
import { findImagesOfArchive, findImagesOfDirectory } from './find-images.ts';
import type { FoundImage } from './found-image.ts';
import { ArchiveFiles, DirectoryFiles } from './image-files.ts';
import { nameImages } from './name-images.ts';
import { readArchive } from './read-archive.ts';

/** What an import is at. `images` comes when it is known what is in it. */
export type ImportProgress =
  | { readonly type: 'read'; readonly bytesDone: number; readonly bytesTotal: number }
  | {
      readonly type: 'images';
      readonly layers: readonly { readonly digest: string; readonly sizeBytes: number }[];
    }
  | PullProgress;

/** Options of {@link importImages}. */
export interface ImportOptions {
  /** For the only image; the archive's names otherwise. */
  readonly as?: ImageReference | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Where an import goes. */
export interface ImportTarget {
  readonly stores: ImageStores;
  /** On the file system of the stores; cleared whenever they are opened. */
  readonly unfinishedDir: string;
  readonly platform: GuestPlatform;
}

/** An image that is there now; its names are still to be recorded. */
export interface BroughtImage {
  readonly references: readonly ImageReference[];
  readonly record: RootRecord;
}

/**
 * Makes every image of the archive present. No name is recorded here, so that an archive of which
 * one image is damaged changes none.
 * @throws AppError `image/…`, `store/no-space`, `operation/cancelled`
 */
export async function importImages(
  path: string,
  target: ImportTarget,
  options: ImportOptions,
): Promise<BroughtImage[]> {
  const kind = await kindOf(path);
  const { platform } = target;
  const { signal, onProgress } = options;
  const onRead = (bytesDone: number, bytesTotal: number): void => {
    onProgress?.({ type: 'read', bytesDone, bytesTotal });
  };
  if (kind === 'directory') {
    const files = await DirectoryFiles.open(path);
    const images = await findImagesOfDirectory(files, platform);
    return await bringIn(path, images, target, { ...options, onStored: onRead });
  }
  const dir = join(target.unfinishedDir, `import-${randomUUID()}`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const spool = await readArchive(path, { dir, signal, onProgress: onRead });
    const files = new ArchiveFiles(basename(path), spool);
    const images = await findImagesOfArchive(files, platform, signal);
    return await bringIn(path, images, target, options);
  } catch (error) {
    if (signal.aborted) throw cancelledError(`The import of ${path}`);
    throw asDiskError(error, dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function bringIn(
  path: string,
  images: readonly FoundImage[],
  { stores }: ImportTarget,
  options: ImportOptions & { readonly onStored?: StoreProgress },
): Promise<BroughtImage[]> {
  const { as, signal, onProgress, onStored } = options;
  const named = nameImages(
    basename(path),
    images.map(({ names, image }) => ({ names, digest: image.digest })),
    as,
  );
  // Every blob of every image is checked before anything is unpacked.
  await storeBlobs(path, images, stores, { signal, onStored });
  const layers = new Map(
    images.flatMap(({ image }) => image.layers.map((one) => [one.digest, one])),
  );
  onProgress?.({
    type: 'images',
    layers: [...layers.values()].map(({ digest, size }) => ({ digest, sizeBytes: size })),
  });
  const brought: BroughtImage[] = [];
  for (const [index, { image }] of images.entries()) {
    const source = { fetchBlob: () => Promise.resolve() };
    const record = await prepareImage(image, source, stores, { signal, onProgress });
    brought.push({ references: named[index] ?? [], record });
  }
  return brought;
}

type StoreProgress = (bytesDone: number, bytesTotal: number) => void;

async function storeBlobs(
  path: string,
  images: readonly FoundImage[],
  { content }: ImageStores,
  {
    signal,
    onStored,
  }: { readonly signal: AbortSignal; readonly onStored?: StoreProgress | undefined },
): Promise<void> {
  const all = images.flatMap(({ blobs }) => blobs);
  const blobs = [...new Map(all.map((blob) => [blob.descriptor.digest, blob])).values()];
  const bytesTotal = blobs.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  let bytesBefore = 0;
  for (const { descriptor, store } of blobs) {
    if (signal.aborted) throw cancelledError(`The import of ${path}`);
    const before = bytesBefore;
    await store(content, { signal, onBytes: (bytes) => onStored?.(before + bytes, bytesTotal) });
    bytesBefore += descriptor.size;
  }
}

async function kindOf(path: string): Promise<'directory' | 'file'> {
  const unusable = (problem: string, cause?: unknown): AppError =>
    new AppError('image/path-unusable', `${quote(path, 400)} ${problem}.`, { cause });
  const found = await stat(path).catch((error: unknown) => {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw unusable('is not there', error);
    throw unusable(`cannot be looked at: ${code ?? String(error)}`, error);
  });
  if (!found.isDirectory() && !found.isFile()) {
    throw unusable('is neither a file nor a directory');
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unusable('cannot be read: this user may not', error);
  });
  return found.isDirectory() ? 'directory' : 'file';
}
