/** An OCI layout directory (image-layout.md) as a source of images. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { formatImageReference, type ImageReference } from '../../contract/image-reference.ts';
import { AppError, cancelledError } from '../base/app-error.ts';
import type { BlobOptions, ContentStore } from './content-store.ts';
import { digestHex } from './digest.ts';
import { limits, parseDocument, type DocumentOrigin } from './document.ts';
import { readWhole, sizeOfFile } from './file-bytes.ts';
import type { BlobSource, Descriptor, ResolvedImage } from './image-source.ts';
import { checkDescriptor, parseManifest } from './manifest.ts';
import type { GuestPlatform } from './platform.ts';
import { quote } from './quote.ts';
import { resolveImage } from './resolve-image.ts';

const refNameAnnotation = 'org.opencontainers.image.ref.name';
const markerSchema = z.object({ imageLayoutVersion: z.literal('1.0.0') });
const maxMarkerBytes = 4096;

/** Options of {@link OciLayout.resolve}. */
export interface LayoutResolveOptions {
  /** The name that the image gets in the store. */
  readonly reference: ImageReference;
  readonly platform: GuestPlatform;
  readonly signal?: AbortSignal | undefined;
}

/** A layout. Its blobs are copied into the store; nothing outside its directory is read. */
export class OciLayout implements BlobSource {
  readonly #dir: string;
  readonly #store: ContentStore;
  readonly #origin: DocumentOrigin;

  private constructor(dir: string, store: ContentStore) {
    this.#dir = dir;
    this.#store = store;
    this.#origin = { name: dir, malformed: 'image/unsupported' };
  }

  /** Opens a layout. Throws `image/not-found` where there is none, `image/unsupported` for others. */
  static async open(dir: string, store: ContentStore): Promise<OciLayout> {
    const layout = new OciLayout(await realpath(dir).catch(() => dir), store);
    const marker = await layout.#readFile('oci-layout', maxMarkerBytes);
    parseDocument(marker, 'The file oci-layout', markerSchema, layout.#origin);
    return layout;
  }

  /** Finds the image that the index names so, and copies its manifest and configuration. */
  async resolve(refName: string, options: LayoutResolveOptions): Promise<ResolvedImage> {
    const index = await this.#readFile('index.json', limits.manifestBytes);
    const document = parseManifest(index, this.#origin);
    const entries = document.kind === 'index' ? document.entries : [];
    const entry = entries.find(({ annotations }) => annotations[refNameAnnotation] === refName);
    if (!entry) {
      const message = `The layout ${quote(this.#dir)} has no image ${quote(refName)}.`;
      throw new AppError('image/not-found', message);
    }
    const read = async (descriptor: Descriptor, maxBytes: number): Promise<Uint8Array> => {
      checkDescriptor(descriptor, maxBytes, this.#origin);
      await this.fetchBlob(descriptor, options.signal ? { signal: options.signal } : {});
      return await this.#store.readBlob(descriptor.digest, maxBytes);
    };
    const bytes = await read(entry, limits.manifestBytes);
    const root = { digest: entry.digest, bytes, mediaType: entry.mediaType };
    return await resolveImage(formatImageReference(options.reference), root, options.platform, {
      origin: this.#origin,
      readManifest: (descriptor) => read(descriptor, limits.manifestBytes),
      readConfig: (descriptor) => read(descriptor, limits.configBytes),
    });
  }

  async fetchBlob(descriptor: Descriptor, options: BlobOptions = {}): Promise<void> {
    if (options.signal?.aborted === true) throw cancelledError(`The copy of ${descriptor.digest}`);
    const name = join('blobs', 'sha256', digestHex(descriptor.digest));
    if (!(await this.#store.has(descriptor.digest))) await this.#sizeWithin(name);
    await this.#store.importBlob(descriptor, join(this.#dir, name), options);
  }

  async #readFile(name: string, maxBytes: number): Promise<Uint8Array> {
    const size = await this.#sizeWithin(name);
    if (size > maxBytes) {
      const message = `${quote(join(this.#dir, name))} has more than ${String(maxBytes)} bytes.`;
      throw new AppError('image/unsupported', message);
    }
    return await readWhole(join(this.#dir, name), size);
  }

  /** Size of a file of the layout, no part of whose path within it may be a symlink. */
  async #sizeWithin(name: string): Promise<number> {
    const path = join(this.#dir, name);
    const size = await sizeOfFile(path);
    const real = size === undefined ? undefined : await realpath(path);
    if (size === undefined || real !== path) {
      const message = `${quote(this.#dir)} is not a whole OCI layout: it has no regular file ${quote(name)}.`;
      throw new AppError('image/not-found', message);
    }
    return size;
  }
}
