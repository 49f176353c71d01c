/** The images of a state directory: what is there, and how more come in. */
import {
  formatImageReference,
  parseImageReference,
  type ImageReference,
} from '../../contract/image-reference.ts';
import type { Image } from '../../contract/image.ts';
import { AppError, cancelledError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { BlobSource, ResolvedImage } from '../oci/image-source.ts';
import { OciLayout } from '../oci/oci-layout.ts';
import type { GuestPlatform } from '../oci/platform.ts';
import { RegistryClient } from '../oci/registry-client.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { prepareImage } from './prepare-image.ts';
import type { RootRecord } from './root-store.ts';
import type { PreparedImage, PullProgress } from './types.ts';

/** Options of {@link ImageLibrary.open}. */
export interface ImageLibraryOptions {
  /** Directory of the store; made where it is missing. One process owns it. */
  readonly dir: string;
  readonly logger: Logger;
  /** Of the guests; this machine's by default. */
  readonly platform?: GuestPlatform;
}

/** Options of {@link ImageLibrary.pull}. */
export interface PullOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
}

/** The images of a store. Invariant: a reference is recorded only when all of its image is there. */
export class ImageLibrary {
  readonly store: OpenStore;
  readonly #registries: RegistryClient;
  readonly #platform: GuestPlatform;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Runs after an image came and before its lease ends; a failure of it is its own to tell. */
  onArrival: () => Promise<void> = () => Promise.resolve();
  /** Hears that the list of images is another one. */
  onChange: () => void = () => undefined;

  private constructor(store: OpenStore, options: ImageLibraryOptions) {
    this.store = store;
    store.references.onChange = () => {
      this.onChange();
    };
    this.#registries = new RegistryClient({ store: store.content });
    this.#platform = options.platform ?? hostPlatform();
    this.#logger = options.logger;
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
    return await this.#bringIn(parsed, options, async (signal) => ({
      image: await this.#registries.resolve(parsed, { platform: this.#platform, signal }),
      source: this.#registries.sourceFor(parsed),
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
      const platform = this.#platform;
      const image = await layout.resolve(refName, { reference: parsed, platform, signal });
      return { image, source: layout };
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
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    const signal = AbortSignal.any(signals);
    const { catalog, leases, references } = this.store;
    const work = async (): Promise<PreparedImage> => {
      if (signal.aborted) throw cancelledError(`The pull of ${name}`);
      const { image, source } = await resolve(signal);
      const { onProgress } = options;
      const record = await prepareImage(image, source, this.store, { signal, onProgress });
      const { digest } = record;
      catalog.forget(digest, ...record.layers.map(({ diffId }) => diffId));
      const { indexDigest } = image;
      await references.set(name, {
        ...{ digest, pulledAtMs: Date.now() },
        ...(indexDigest === undefined ? {} : { indexDigest }),
      });
      this.#logger.info('An image is ready.', { reference: name, digest });
      await this.onArrival();
      return this.#prepared(name, record);
    };
    const running = leases.during(work);
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
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
