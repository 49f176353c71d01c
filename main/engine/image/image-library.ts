/** The images of a state directory: what is there, and how more come in. */
import { formatImageReference, type ImageReference } from '../../contract/image-reference.ts';
import type { Image } from '../../contract/image.ts';
import type { Credential } from '../../contract/registry.ts';
import { cancelledError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { BlobSource, ResolvedImage } from '../oci/image-source.ts';
import { OciLayout } from '../oci/oci-layout.ts';
import type { GuestPlatform } from '../oci/platform.ts';
import { RegistryClient, type RegistryClientOptions } from '../oci/registry/registry-client.ts';
import type { CheckOptions, CheckResult } from './check/check-request.ts';
import { checkStore } from './check/check-store.ts';
import { ImageCommits } from './image-commits.ts';
import { ImagePushes } from './image-pushes.ts';
import type { ImageOrigin, LibraryContext } from './library-context.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { parseReference as parse } from './parse-reference.ts';
import { prepareImage } from './prepare-image.ts';
import type { RootRecord } from './root-store.ts';
import { ImageTransfer } from './transfer/image-transfer.ts';
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

/** The images of a store. Invariant: a reference is recorded only when all of its image is there. */
export class ImageLibrary implements LibraryContext {
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
  /** Archives in and out. */
  readonly transfer = new ImageTransfer(this);
  readonly commits = new ImageCommits(this);
  readonly pushes = new ImagePushes(this);

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

  /** Looks whether everything is what it should be; see {@link checkStore}. */
  async check(options: Omit<CheckOptions, 'isBusy'>): Promise<CheckResult> {
    return await this.during('The check of images', options.signal, async (signal) => {
      const { catalog } = this.store;
      // The check itself is one of them.
      const isBusy = (): boolean => this.#underWay.size > 1;
      const stores = { ...this.store, platform: this.platform };
      let isRight = false;
      try {
        const result = await checkStore(stores, { ...options, signal, isBusy });
        isRight = result.findings.length === 0;
        return result;
      } finally {
        // What was found, or mended before a cancellation, is news.
        if (!isRight) {
          catalog.forgetAll();
          this.onChange();
        }
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
      const { indexDigest } = image;
      return await this.record(name, record, indexDigest === undefined ? {} : { indexDigest });
    });
  }

  /** See {@link LibraryContext.during}; {@link close} cancels it. */
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

  /** See {@link LibraryContext.record}. */
  async record(name: string, root: RootRecord, origin: ImageOrigin = {}): Promise<PreparedImage> {
    const { catalog, references } = this.store;
    const { digest } = root;
    catalog.forget(digest, ...root.layers.map(({ diffId }) => diffId));
    await references.set(name, { digest, pulledAtMs: Date.now(), ...origin });
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

function hostPlatform(): GuestPlatform {
  return { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };
}
