/** An image of the store and one more layer on top, as an image of its own. */
import { AppError, isAppError } from '../base/app-error.ts';
import type { ContentStore } from '../oci/content-store.ts';
import {
  checkDerivable,
  deriveConfig,
  deriveManifest,
  type ImageDocuments,
  type LayerHistory,
} from '../oci/derive-image.ts';
import { digestOf } from '../oci/digest.ts';
import { limits, type DocumentOrigin } from '../oci/document.ts';
import type { BlobSource, ResolvedImage } from '../oci/image-source.ts';
import { parseManifest } from '../oci/manifest.ts';
import type { GuestPlatform } from '../oci/platform.ts';
import { resolveImage } from '../oci/resolve-image.ts';
import { writeLayerBlob } from './layer-blob.ts';
import type { OpenStore } from './open-store.ts';
import { partKey, type PartKey, type PartKind } from './upkeep/part-key.ts';
import type { ImageStores } from './prepare-image.ts';

/** A layer that is to become an image. */
export interface LayerCommit {
  /** The image below: its reference, for messages, and the digest of its manifest. */
  readonly base: { readonly reference: string; readonly digest: string };
  /** The layer's tar, bounded in what it may hold by nobody but the reader. */
  readonly tar: AsyncIterable<Uint8Array>;
  readonly maxTarBytes: number;
  readonly history: Omit<LayerHistory, 'created'>;
}

/** What a commit has made so far, to be taken back where it fails. What was there before stays. */
export class CommitParts {
  readonly #store: OpenStore;
  readonly #digests: string[] = [];
  readonly #diffIds: string[] = [];
  readonly #roots: string[] = [];

  constructor(store: OpenStore) {
    this.#store = store;
  }

  /** Before the blob is kept. */
  async addBlob(digest: string): Promise<void> {
    if (!(await this.#store.content.has(digest))) this.#digests.push(digest);
  }

  /** Before the layer is unpacked. */
  async addLayer(diffId: string): Promise<void> {
    if (!(await this.#store.layers.has(diffId))) this.#diffIds.push(diffId);
  }

  /** Before the root is composed. */
  async addRoot(digest: string): Promise<void> {
    if ((await this.#store.roots.get(digest)) === undefined) this.#roots.push(digest);
  }

  /**
   * What others took up meanwhile stays. May be called within the lease of the operation that the
   * commit is part of, which holds all of it.
   */
  async remove(): Promise<void> {
    const { catalog, content, layers, leases, references, roots } = this.#store;
    await leases.collect(async () => {
      const held = leases.heldByOthers();
      const named = new Set(references.entries().map(([, { digest }]) => digest));
      // A sandbox may have an image that has no name any more.
      const unnamed = (await roots.digests()).filter((digest) => !this.#roots.includes(digest));
      const needed = new Set<PartKey>();
      for (const digest of [...named, ...unnamed]) {
        const { keys } = await catalog.parts(digest);
        for (const key of keys) needed.add(key);
      }
      const isFree = (kind: PartKind, digest: string): boolean =>
        !held.has(digest) && !needed.has(partKey(kind, digest));
      for (const each of this.#roots) if (isFree('root', each)) await roots.remove(each);
      for (const each of this.#digests) if (isFree('blob', each)) await content.remove(each);
      for (const each of this.#diffIds) if (isFree('layer', each)) await layers.remove(each);
      catalog.forget(...this.#roots, ...this.#diffIds);
    });
  }
}

/** Options of {@link commitLayer}. */
export interface CommitLayerOptions {
  readonly signal: AbortSignal;
  readonly onTarBytes?: ((tarBytes: number) => void) | undefined;
}

/**
 * Brings the layer and the documents of the new image into the store. The layer is not unpacked,
 * and so not looked at: that is for whoever makes the image present.
 * @throws AppError `image/not-stored`, `image/unsupported`, `image/commit-failed`, `store/…`,
 *   `operation/cancelled`, and what the tar throws
 */
export async function commitLayer(
  commit: LayerCommit,
  target: { readonly reference: string; readonly platform: GuestPlatform },
  parts: CommitParts,
  { content }: Pick<ImageStores, 'content'>,
  { signal, onTarBytes }: CommitLayerOptions,
): Promise<ResolvedImage> {
  const origin: DocumentOrigin = { name: commit.base.reference, malformed: 'image/unsupported' };
  const base = await readDocuments(commit.base, content, origin);
  checkDerivable(base, origin);
  const layer = await content.addFile(async (path) => {
    const { tar, maxTarBytes } = commit;
    const written = await writeLayerBlob(path, tar, { maxTarBytes, signal, onTarBytes });
    await parts.addBlob(written.digest);
    await parts.addLayer(written.diffId);
    return written;
  });
  const history = { ...commit.history, created: new Date() };
  const configBytes = deriveConfig(base, layer.diffId, history, origin);
  const config = { digest: digestOf(configBytes), size: configBytes.length };
  const bytes = deriveManifest(base, config, layer, origin);
  const digest = digestOf(bytes);
  await parts.addBlob(config.digest);
  await parts.addBlob(digest);
  await content.writeBlob(configBytes);
  await content.writeBlob(bytes);
  const never = (): never => {
    throw new Error('A manifest is no index.');
  };
  return await resolveImage(target.reference, { digest, bytes }, target.platform, {
    origin: { name: target.reference, malformed: 'image/unsupported' },
    readManifest: never,
    readConfig: () => Promise.resolve(configBytes),
  });
}

/** Blobs that are in the store or nowhere. */
export function storedBlobs(content: ContentStore): BlobSource {
  return {
    fetchBlob: async ({ digest }) => {
      if (await content.has(digest)) return;
      throw new AppError('image/not-stored', `Layer ${digest} of the image is not in the store.`);
    },
  };
}

async function readDocuments(
  { reference, digest }: LayerCommit['base'],
  content: ContentStore,
  origin: DocumentOrigin,
): Promise<ImageDocuments> {
  try {
    const manifest = await content.readBlob(digest, limits.manifestBytes);
    const document = parseManifest(manifest, origin);
    if (document.kind !== 'manifest') {
      throw new AppError('image/unsupported', `${digest} is not the manifest of one image.`);
    }
    const config = await content.readBlob(document.config.digest, limits.configBytes);
    return { manifest, config };
  } catch (error) {
    if (!isAppError(error, 'store/corrupt')) throw error;
    const message = `The image ${reference} (${digest}) that the sandbox was made of is not whole in the store: ${error.message}`;
    throw new AppError('image/not-stored', message, {
      hint: `Pull ${reference}@${digest} again.`,
      cause: error,
    });
  }
}
