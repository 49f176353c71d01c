/** Archives into the store of images and out of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { familiarImageReference, formatImageReference } from '../../../contract/image-reference.ts';
import { AppError } from '../../base/app-error.ts';
import type { LibraryContext } from '../library-context.ts';
import { parseReference } from '../parse-reference.ts';
import type { PreparedImage } from '../types.ts';
import { exportImages, type ExportImagesOptions } from './export-images.ts';
import { importImages, type ImportProgress } from './import-images.ts';
import { readStoredImage, type StoredImage } from './stored-image.ts';

/** Options of {@link ImageTransfer.import}. */
export interface ImportOptions {
  /** Name of the image, where the file has one; by default the names are the file's. */
  readonly as?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Options of {@link ImageTransfer.export}. */
export type ExportOptions = Omit<ExportImagesOptions, 'signal'> & {
  readonly path: string;
  readonly signal?: AbortSignal;
};

/** See the head of this file. */
export class ImageTransfer {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /**
   * Makes present what an archive or the directory of an OCI layout holds, under all of its names.
   * Returns one image for each name.
   * @throws AppError `image/…`, `store/…`, `operation/cancelled`
   */
  async import(file: string, options: ImportOptions = {}): Promise<PreparedImage[]> {
    const { as, onProgress } = options;
    const reference = as === undefined ? undefined : parseReference(as);
    const { store, platform } = this.#context;
    const target = { stores: store, platform, unfinishedDir: join(store.dir, 'unfinished') };
    return await this.#context.during(`The import of ${file}`, options.signal, async (signal) => {
      const images = await importImages(file, target, { as: reference, signal, onProgress });
      const prepared: PreparedImage[] = [];
      for (const image of images) {
        for (const name of image.references) {
          prepared.push(
            await this.#context.record(formatImageReference(name), image.record, { isLocal: true }),
          );
        }
      }
      return prepared;
    });
  }

  /**
   * Writes images to an archive. Returns the digests of their manifests, each once.
   * @throws AppError `image/not-stored`, `image/file-exists`, `image/path-unusable`, `store/…`,
   *   `operation/cancelled`
   */
  async export(references: readonly string[], options: ExportOptions): Promise<string[]> {
    const { content, leases, references: index } = this.#context.store;
    const named = references.map(parseReference);
    const byName = new Map(named.map((name) => [formatImageReference(name), name]));
    const what = `The export to ${options.path}`;
    return await this.#context.during(what, options.signal, async (signal) => {
      const images: StoredImage[] = [];
      for (const [name, reference] of byName) {
        const entry = index.get(name);
        if (entry !== undefined) await leases.touch(entry.digest);
        // A prune may have come before the touch.
        if (entry === undefined || index.get(name) === undefined) {
          const message = `The image ${familiarImageReference(reference)} is not in the store.`;
          const hint = 'List the images with `skerry images`, or pull it first.';
          throw new AppError('image/not-stored', message, { hint });
        }
        images.push(await readStoredImage(reference, entry.digest, content));
      }
      await exportImages(images, content, options.path, { ...options, signal });
      return [...new Set(images.map(({ manifest }) => manifest.digest))];
    });
  }

  /** A private directory on the disk of the store, removed at the next start where it is left. */
  async makeTemporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(this.#context.store.dir, 'unfinished', 'temporary-'));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }
}
