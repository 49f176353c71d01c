/** The images of a state directory: what is there, and how more come in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  formatImageReference,
  parseImageReference,
  type ImageReference,
} from '../../contract/image-reference.ts';
import type { ArchiveFormat } from '../../contract/image-transfer.ts';
import type { Image } from '../../contract/image.ts';
import type { Credential } from '../../contract/registry.ts';
import { AppError, cancelledError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { BlobSource, ResolvedImage } from '../oci/image-source.ts';
import { OciLayout } from '../oci/oci-layout.ts';
import type { GuestPlatform } from '../oci/platform.ts';
import type { PushOptions } from '../oci/push-image.ts';
import { RegistryClient, type RegistryClientOptions } from '../oci/registry-client.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { prepareImage } from './prepare-image.ts';
import { pushStoredImage } from './push-stored-image.ts';
import type { RootRecord } from './root-store.ts';
import { exportImages } from './transfer/export-images.ts';
import { importImages, type ImportProgress } from './transfer/import-images.ts';
import { readStoredImage } from './transfer/stored-image.ts';
import { commitLayer, CommitParts, storedBlobs, type LayerCommit } from './commit-layer.ts';
import { Limiter } from '../base/limiter.ts';
import type { PreparedImage, PullProgress } from './types.ts';

/** Options of {@link ImageLibrary.open}. */
export interface ImageLibraryOptions {
  /** Directory of the store; made where it is missing. One process owns it. */
  readonly dir: string;
  readonly logger: Logger;
  /** Of the guests; this machine's by default. */
  readonly platform?: GuestPlatform;
  /** How registries are reached, and as whom. */
  readonly registry?: Omit<RegistryClientOptions, 'store' | 'logger'>;
}

/** Options of {@link ImageLibrary.pull}. */
export interface PullOptions {
  /** In place of any that is kept. */
  readonly credential?: Credential | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
}

/** Options of {@link ImageLibrary.import}. */
export interface ImportOptions {
  /** Name of the image, where the file has one; by default the names are the file's. */
  readonly as?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Options of {@link ImageLibrary.export}. */
export interface ExportOptions {
  readonly path: string;
  readonly format: ArchiveFormat;
  /** Takes the place of a file that is there. */
  readonly replace: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
}
/** Options of {@link ImageLibrary.commit}. */
export interface CommitOptions extends PullOptions {
  /** Hears how many bytes of the layer's tar were read. */
  readonly onTarBytes?: (tarBytes: number) => void;
}

/** The images of a store. Invariant: a reference is recorded only when all of its image is there. */
export class ImageLibrary {
  readonly store: OpenStore;
  readonly registries: RegistryClient;
  /** Of the guests. */
  readonly platform: GuestPlatform;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Runs after an image came and before its lease ends; a failure of it is its own to tell. */
  onArrival: () => Promise<void> = () => Promise.resolve();
  /** Hears that the list of images is another one. */
  onChange: () => void = () => undefined;
  /** One after the other: what one of them takes back must not be another's. */
  readonly #commits = new Limiter(1);

  private constructor(store: OpenStore, options: ImageLibraryOptions) {
    this.store = store;
    store.references.onChange = () => {
      this.onChange();
    };
    const { logger, registry } = options;
    this.registries = new RegistryClient({ ...registry, store: store.content, logger });
    this.platform = options.platform ?? hostPlatform();
    this.#logger = logger;
  }

  /** Opens the store. Throws `store/corrupt` where its list of images cannot be understood. */
  static async open(options: ImageLibraryOptions): Promise<ImageLibrary> {
    return new ImageLibrary(await openStore(options.dir), options);
  }

  /** Every image that is completely there, the last pulled first. */
  async list(): Promise<Image[]> {
    const { catalog, references } = this.store;
    return await catalog.list(references.entries());
  }

  /**
   * The image of a reference in any spelling; undefined where it is not completely there.
   * @throws AppError `image/reference-invalid`
   */
  async get(reference: string): Promise<PreparedImage | undefined> {
    const name = formatImageReference(parse(reference));
    const entry = this.store.references.get(name);
    const record = entry && (await this.#find(entry.digest));
    return record && this.#prepared(name, record);
  }

  /** The image of a manifest's digest, under whichever name it has. */
  async getByDigest(digest: string): Promise<PreparedImage | undefined> {
    const record = await this.#find(digest);
    if (record === undefined) return undefined;
    const named = this.store.references.entries().find(([, entry]) => entry.digest === digest);
    return this.#prepared(named?.[0] ?? record.reference, record);
  }

  /**
   * Asks the registry for the image and makes present what is missing of it. What an interrupted
   * pull has fetched and unpacked is not fetched and unpacked again.
   * @throws AppError `image/…`, `registry/…`, `store/…`, `operation/cancelled`
   */
  async pull(reference: string, options: PullOptions = {}): Promise<PreparedImage> {
    const parsed = parse(reference);
    const { credential } = options;
    const platform = this.platform;
    return await this.#bringIn(parsed, options, async (signal) => ({
      image: await this.registries.resolve(parsed, { platform, credential, signal }),
      source: this.registries.sourceFor(parsed, credential),
    }));
  }

  /** See {@link pushStoredImage}; `as` is the name in the registry. */
  async push(
    reference: string,
    as: string,
    options: Omit<PushOptions, 'mountFrom'>,
  ): Promise<string> {
    const { content, references } = this.store;
    const parts = { content, references, registries: this.registries };
    return await this.during(`The push of ${reference}`, options.signal, (signal) =>
      pushStoredImage(parse(reference), parse(as), parts, { ...options, signal }),
    );
  }

  /** As {@link pull}, from an OCI layout directory: its image `refName` becomes `reference`. */
  async importLayout(
    layoutDir: string,
    refName: string,
    reference: string,
    options: PullOptions = {},
  ): Promise<PreparedImage> {
    const parsed = parse(reference);
    return await this.#bringIn(parsed, options, async (signal) => {
      const layout = await OciLayout.open(layoutDir, this.store.content);
      const platform = this.platform;
      const image = await layout.resolve(refName, { reference: parsed, platform, signal });
      return { image, source: layout };
    });
  }

  /**
   * Makes present what an archive or the directory of an OCI layout holds, under all of its names.
   * Returns one image for each name.
   * @throws AppError `image/…`, `store/…`, `operation/cancelled`
   */
  async import(file: string, options: ImportOptions = {}): Promise<PreparedImage[]> {
    const as = options.as === undefined ? undefined : parse(options.as);
    return await this.during(`The import of ${file}`, options.signal, async (signal) => {
      const target = {
        stores: this.store,
        unfinishedDir: join(this.store.dir, 'unfinished'),
        platform: this.platform,
      };
      const { onProgress } = options;
      const images = await importImages(file, target, { as, signal, onProgress });
      const prepared: PreparedImage[] = [];
      for (const { references, record } of images) {
        for (const reference of references) {
          prepared.push(await this.record(formatImageReference(reference), record));
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
    const { path, format, replace, onProgress } = options;
    return await this.during(`The export to ${path}`, options.signal, async (signal) => {
      const { content, references: named } = this.store;
      const names = new Map(
        references.map(parse).map((name) => [formatImageReference(name), name]),
      );
      const images = [];
      for (const [name, reference] of names) {
        const entry = named.get(name);
        if (entry === undefined) {
          throw new AppError('image/not-stored', `The image ${name} is not in the store.`);
        }
        images.push(await readStoredImage(reference, entry.digest, content));
      }
      await exportImages(images, content, path, { format, replace, signal, onProgress });
      return [...new Set(images.map(({ manifest }) => manifest.digest))];
    });
  }

  /** A private directory on the disk of the store, removed at the next start where it is left. */
  async makeTemporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(this.store.dir, 'unfinished', 'temporary-'));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  /**
   * Makes an image of another one that is in the store and the layer that is given, and names it.
   * What fails or is cancelled leaves nothing.
   * @throws AppError `image/…`, `store/…`, `operation/cancelled`, and what the layer's bytes throw
   */
  async commit(
    reference: string,
    commit: LayerCommit,
    options: CommitOptions,
  ): Promise<PreparedImage> {
    const parsed = parse(reference);
    return await this.#commits.run(async () => {
      const parts = new CommitParts(this.store);
      try {
        return await this.#bringIn(parsed, options, async (signal) => {
          const target = { reference: formatImageReference(parsed), platform: this.platform };
          const image = await commitLayer(commit, target, parts, this.store, {
            ...options,
            signal,
          });
          return { image, source: storedBlobs(this.store.content) };
        });
      } catch (error) {
        await parts.remove();
        throw error;
      }
    });
  }

  /** Cancels what is under way and waits until it has wound down. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
  }

  async #bringIn(
    reference: ImageReference,
    options: PullOptions,
    resolve: (signal: AbortSignal) => Promise<{ image: ResolvedImage; source: BlobSource }>,
  ): Promise<PreparedImage> {
    const name = formatImageReference(reference);
    return await this.during(`The pull of ${name}`, options.signal, async (signal) => {
      const { image, source } = await resolve(signal);
      const { onProgress } = options;
      const record = await prepareImage(image, source, this.store, { signal, onProgress });
      return await this.record(name, record, image.indexDigest);
    });
  }

  /**
   * Does work that {@link close} cancels and waits for. What it looks at or makes in the store
   * stays there until it ends.
   * @param what in words, for who is told that it was cancelled
   */
  async during<T>(
    what: string,
    callerSignal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signals = [this.#closing.signal, ...(callerSignal ? [callerSignal] : [])];
    const signal = AbortSignal.any(signals);
    if (signal.aborted) throw cancelledError(what);
    const running = this.store.leases.during(() => work(signal));
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** Names an image that is completely there; within {@link during}. The name is in full. */
  async record(name: string, root: RootRecord, indexDigest?: string): Promise<PreparedImage> {
    const { catalog, references } = this.store;
    const { digest } = root;
    catalog.forget(digest, ...root.layers.map(({ diffId }) => diffId));
    await references.set(name, {
      ...{ digest, pulledAtMs: Date.now() },
      ...(indexDigest === undefined ? {} : { indexDigest }),
    });
    this.#logger.info('An image is ready.', { reference: name, digest });
    await this.onArrival();
    return this.#prepared(name, root);
  }

  /** The record of an image that is completely there now. */
  async #find(digest: string): Promise<RootRecord | undefined> {
    const record = await this.store.roots.get(digest);
    if (record === undefined && this.store.catalog.forget(digest)) this.onChange();
    return record;
  }

  #prepared(reference: string, record: RootRecord): PreparedImage {
    const { digest, config } = record;
    return { reference, digest, config, extents: this.store.roots.extents(record) };
  }
}

function parse(reference: string): ImageReference {
  const result = parseImageReference(reference);
  if (result.ok) return result.reference;
  throw new AppError('image/reference-invalid', result.problem);
}

function hostPlatform(): GuestPlatform {
  return { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };
}
