/**
 * What is known of the images of a store, kept in memory: one process owns the store, and whatever
 * changes there is told here. What is gone behind its back is found out when the image is used.
 */
import { familiarReference } from '../../../contract/image-reference.ts';
import type { Image } from '../../../contract/image.ts';
import { isAppError } from '../../base/app-error.ts';
import { Limiter } from '../../base/limiter.ts';
import { parseImageConfig } from '../../oci/config.ts';
import { limits, type DocumentOrigin } from '../../oci/document.ts';
import { parseManifest } from '../../oci/manifest.ts';
import type { ReferenceEntry } from '../../oci/reference-index.ts';
import { partKey, type PartKey } from './part-key.ts';
import type { ImageStores } from '../prepare-image.ts';
import type { RootRecord } from '../root-store.ts';

/** An image that was completely there when it was looked at. */
interface Whole {
  readonly record: RootRecord;
  /** What there is to say of it, but for the name. */
  readonly facts: Omit<Image, 'reference' | 'pulledAtMs'>;
}

/** What an image is made of. */
export interface ImageParts {
  readonly keys: ReadonlySet<PartKey>;
  /** Each layer as it came and as it was unpacked, where both are known. */
  readonly layers: readonly { readonly digest: string; readonly diffId: string }[];
}

interface LayerOnDisk {
  /** Of the data; undefined where there is none. */
  readonly dataBytes: number | undefined;
  /** What data and index occupy. */
  readonly diskBytes: number;
}

/** Images that are looked at at the same time. */
const parallelLooks = 16;

/** See the head of this file. */
export class ImageCatalog {
  readonly #stores: ImageStores;
  readonly #whole = new Map<string, Whole>();
  readonly #parts = new Map<string, ImageParts>();
  readonly #layers = new Map<string, Promise<LayerOnDisk>>();
  /** Raised whenever something is forgotten, so that a look from before is not remembered. */
  #generation = 0;

  constructor(stores: ImageStores) {
    this.#stores = stores;
  }

  /** The references whose image is completely there, the last pulled first. */
  async list(references: readonly (readonly [string, ReferenceEntry])[]): Promise<Image[]> {
    // One of its own: who waits for a collection must not keep the collection waiting.
    const looks = new Limiter(parallelLooks);
    const images = await Promise.all(
      references.map(([reference, entry]) => looks.run(() => this.describe(reference, entry))),
    );
    return images
      .filter((image) => image !== undefined)
      .sort((a, b) => b.pulledAtMs - a.pulledAtMs);
  }

  /** The image as one reference names it; undefined where it is not completely there. */
  async describe(
    reference: string,
    { digest, pulledAtMs }: Pick<ReferenceEntry, 'digest' | 'pulledAtMs'>,
  ): Promise<Image | undefined> {
    const whole = this.#whole.get(digest) ?? (await this.#apart(() => this.#look(digest)));
    return whole && { reference: familiarReference(reference), ...whole.facts, pulledAtMs };
  }

  /**
   * Every part of the store that the image of a manifest is made of, as far as can be told: by the
   * record of its root and by its documents, either of which may be missing.
   */
  async parts(digest: string): Promise<ImageParts> {
    const known = this.#parts.get(digest);
    if (known !== undefined) return known;
    const { parts, isComplete } = await this.#apart(() => this.#readParts(digest));
    if (isComplete) this.#parts.set(digest, parts);
    return parts;
  }

  /** To be told when anything may have changed. */
  forgetAll(): void {
    this.forget(...this.#whole.keys(), ...this.#parts.keys(), ...this.#layers.keys());
  }

  /**
   * To be told whenever an image was made, mended or found not to be whole, and of the layers that
   * came or went. Returns whether an image of them was known to be whole.
   */
  forget(...digests: readonly string[]): boolean {
    this.#generation += 1;
    const wasKnown = digests.some((digest) => this.#whole.has(digest));
    for (const digest of digests) {
      for (const { diffId } of this.#whole.get(digest)?.record.layers ?? []) {
        this.#layers.delete(diffId);
      }
      this.#layers.delete(digest);
      this.#whole.delete(digest);
      this.#parts.delete(digest);
    }
    return wasKnown;
  }

  /** Whoever asks may need one image, and is told of others. */
  async #apart<T>(look: () => Promise<T>): Promise<T> {
    return await this.#stores.leases.apart(look);
  }

  async #look(digest: string): Promise<Whole | undefined> {
    const generation = this.#generation;
    const { roots } = this.#stores;
    const record = await roots.read(digest);
    if (record === undefined) return undefined;
    const root = await roots.metadataOnDisk(digest);
    if (root?.sizeBytes !== record.metadataBytes) return undefined;
    const layers = await Promise.all(record.layers.map(({ diffId }) => this.#layer(diffId)));
    // A layer that comes a second time has nothing on the disk of the root.
    const isWhole = record.layers.every(
      ({ dataBytes }, index) => dataBytes === 0 || layers[index]?.dataBytes === dataBytes,
    );
    const whole = { record, facts: factsOf(record, layers, root.diskBytes) };
    if (isWhole && generation === this.#generation) this.#whole.set(digest, whole);
    return isWhole ? whole : undefined;
  }

  /** Looked at once for all images that have it. */
  #layer(diffId: string): Promise<LayerOnDisk> {
    const known = this.#layers.get(diffId);
    if (known !== undefined) return known;
    const looking = this.#stores.layers.onDisk(diffId);
    this.#layers.set(diffId, looking);
    // What is not there may come.
    const forget = (): void => {
      if (this.#layers.get(diffId) === looking) this.#layers.delete(diffId);
    };
    looking.then(({ dataBytes }) => {
      if (dataBytes === undefined) forget();
    }, forget);
    return looking;
  }

  async #readParts(digest: string): Promise<{ parts: ImageParts; isComplete: boolean }> {
    const keys = new Set([partKey('root', digest), partKey('blob', digest)]);
    const record = await this.#stores.roots.read(digest);
    const layers = record?.layers ?? [];
    for (const layer of layers) {
      keys.add(partKey('blob', layer.digest));
      keys.add(partKey('layer', layer.diffId));
    }
    const parts = { keys, layers };
    const origin: DocumentOrigin = { name: digest, malformed: 'image/unsupported' };
    try {
      const { content } = this.#stores;
      const bytes = await content.readBlob(digest, limits.manifestBytes);
      const manifest = parseManifest(bytes, origin);
      if (manifest.kind === 'index') return { parts, isComplete: false };
      for (const part of [manifest.config, ...manifest.layers]) {
        keys.add(partKey('blob', part.digest));
      }
      if (record === undefined) {
        const config = await content.readBlob(manifest.config.digest, limits.configBytes);
        for (const diffId of parseImageConfig(config, origin).diffIds) {
          keys.add(partKey('layer', diffId));
        }
      }
      return { parts, isComplete: record !== undefined };
    } catch (error) {
      // A document that is damaged or gone names nothing.
      if (!isAppError(error)) throw error;
      return { parts, isComplete: false };
    }
  }
}

function factsOf(
  { digest, config, layers: recorded }: RootRecord,
  onDisk: readonly LayerOnDisk[],
  rootBytes: number,
): Whole['facts'] {
  const layers = recorded.map((layer, index) => ({
    digest: layer.digest,
    diffId: layer.diffId,
    downloadBytes: layer.sizeBytes,
    diskBytes: onDisk[index]?.diskBytes ?? 0,
  }));
  const { os, architecture, variant, createdAtMs } = config;
  const each = new Map(layers.map((layer) => [layer.diffId, layer.diskBytes]));
  return {
    digest,
    platform: [os, architecture, ...(variant === undefined ? [] : [variant])].join('/'),
    downloadBytes: layers.reduce((sum, layer) => sum + layer.downloadBytes, 0),
    diskBytes: [...each.values()].reduce((sum, bytes) => sum + bytes, rootBytes),
    layers,
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
  };
}
