/** The images of a state directory: what is there, and how more come in. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  familiarImageReference,
  formatImageReference,
  parseImageReference,
  type ImageReference,
} from '../../contract/image-reference.ts';
import type { Image } from '../../contract/image.ts';
import { AppError, cancelledError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import { ContentStore } from '../oci/content-store.ts';
import type { BlobSource, ResolvedImage } from '../oci/image-source.ts';
import { OciLayout } from '../oci/oci-layout.ts';
import type { GuestPlatform } from '../oci/platform.ts';
import { ReferenceIndex } from '../oci/reference-index.ts';
import { RegistryClient, type RegistryClientOptions } from '../oci/registry-client.ts';
import type { CheckOptions, CheckResult } from './check/check-request.ts';
import { checkStore } from './check/check-store.ts';
import { clearLeftovers } from './check/leftovers.ts';
import { LayerStore } from './layer-store.ts';
import { Limiter } from '../base/limiter.ts';
import { prepareImage, type ImageStores } from './prepare-image.ts';
import { RootStore, type RootRecord } from './root-store.ts';
import type { PreparedImage, PullProgress } from './types.ts';

/** Options of {@link ImageLibrary.open}. */
export interface ImageLibraryOptions {
  /** Directory of the store; made where it is missing. One process owns it. */
  readonly dir: string;
  readonly logger: Logger;
  /** Of the guests; this machine's by default. */
  readonly platform?: GuestPlatform;
  /** How long registries are waited for, and tried again. */
  readonly patience?: Pick<RegistryClientOptions, 'timeouts' | 'backoffMs'>;
}

/** Options of {@link ImageLibrary.pull}. */
export interface PullOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
}

/** As many as other clients fetch: more wins little and looks like an attack to a registry. */
const parallelFetches = 4;

/** The images of a store. Invariant: a reference is recorded only when all of its image is there. */
export class ImageLibrary {
  readonly #stores: ImageStores;
  readonly #references: ReferenceIndex;
  readonly #registries: RegistryClient;
  readonly #dir: string;
  readonly #platform: GuestPlatform;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #pulls = 0;

  private constructor(
    stores: ImageStores,
    references: ReferenceIndex,
    options: ImageLibraryOptions,
  ) {
    this.#stores = stores;
    this.#references = references;
    this.#registries = new RegistryClient({ store: stores.content, ...options.patience });
    this.#dir = options.dir;
    this.#platform = options.platform ?? hostPlatform();
    this.#logger = options.logger;
  }

  /** Opens the store. Throws `store/corrupt` where its list of images cannot be understood. */
  static async open(options: ImageLibraryOptions): Promise<ImageLibrary> {
    const { dir } = options;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await clearLeftovers(dir);
    const content = await ContentStore.open(dir);
    const layers = await LayerStore.open(dir);
    const roots = await RootStore.open(dir, layers);
    const references = await ReferenceIndex.open(join(dir, 'references.json'));
    const fetches = new Limiter(parallelFetches);
    return new ImageLibrary({ content, layers, roots, fetches }, references, options);
  }

  /** Every image that is completely there, the last pulled first. */
  async list(): Promise<Image[]> {
    const images: Image[] = [];
    for (const [reference, { digest, pulledAtMs }] of this.#references.entries()) {
      const record = await this.#stores.roots.get(digest);
      if (record === undefined) continue;
      images.push(await this.#describe(reference, record, pulledAtMs));
    }
    return images.sort((a, b) => b.pulledAtMs - a.pulledAtMs);
  }

  /**
   * The image of a reference in any spelling; undefined where it is not completely there.
   * @throws AppError `image/reference-invalid`
   */
  async get(reference: string): Promise<PreparedImage | undefined> {
    const name = formatImageReference(parse(reference));
    const entry = this.#references.get(name);
    const record = entry && (await this.#stores.roots.get(entry.digest));
    return record && this.#prepared(name, record);
  }

  /** The image of a manifest's digest, under whichever name it has. */
  async getByDigest(digest: string): Promise<PreparedImage | undefined> {
    const record = await this.#stores.roots.get(digest);
    if (record === undefined) return undefined;
    const named = this.#references.entries().find(([, entry]) => entry.digest === digest);
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
      const layout = await OciLayout.open(layoutDir, this.#stores.content);
      const platform = this.#platform;
      const image = await layout.resolve(refName, { reference: parsed, platform, signal });
      return { image, source: layout };
    });
  }

  /** Looks whether everything is what it should be; see {@link checkStore}. */
  async check(options: Omit<CheckOptions, 'isBusy'>): Promise<CheckResult> {
    const { content, layers, roots } = this.#stores;
    const stores = { dir: this.#dir, content, layers, roots };
    const signal = AbortSignal.any([this.#closing.signal, options.signal]);
    const checking = checkStore(
      { ...stores, references: this.#references, platform: this.#platform },
      { ...options, signal, isBusy: () => this.#pulls > 0 },
    );
    return await this.#watched(checking);
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
    const work = async (): Promise<PreparedImage> => {
      if (signal.aborted) throw cancelledError(`The pull of ${name}`);
      const { image, source } = await resolve(signal);
      const { onProgress } = options;
      const record = await prepareImage(image, source, this.#stores, { signal, onProgress });
      await this.#references.set(name, { digest: record.digest, pulledAtMs: Date.now() });
      this.#logger.info('An image is ready.', { reference: name, digest: record.digest });
      return this.#prepared(name, record);
    };
    this.#pulls += 1;
    try {
      return await this.#watched(work());
    } finally {
      this.#pulls -= 1;
    }
  }

  async #watched<T>(running: Promise<T>): Promise<T> {
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  #prepared(reference: string, record: RootRecord): PreparedImage {
    const { digest, config } = record;
    return { reference, digest, config, extents: this.#stores.roots.extents(record) };
  }

  async #describe(reference: string, record: RootRecord, pulledAtMs: number): Promise<Image> {
    const { digest, config } = record;
    const layers = await Promise.all(
      record.layers.map(async (layer) => ({
        digest: layer.digest,
        diffId: layer.diffId,
        downloadBytes: layer.sizeBytes,
        diskBytes: await this.#stores.layers.diskBytes(layer.diffId),
      })),
    );
    const { os, architecture, variant } = config;
    const onDisk = new Map(layers.map((layer) => [layer.diffId, layer.diskBytes]));
    const rootBytes = await this.#stores.roots.diskBytes(digest);
    return {
      reference: familiarImageReference(parse(reference)),
      digest,
      platform: [os, architecture, ...(variant === undefined ? [] : [variant])].join('/'),
      downloadBytes: layers.reduce((sum, layer) => sum + layer.downloadBytes, 0),
      diskBytes: [...onDisk.values()].reduce((sum, bytes) => sum + bytes, rootBytes),
      layers,
      ...(config.createdAtMs === undefined ? {} : { createdAtMs: config.createdAtMs }),
      pulledAtMs,
    };
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
