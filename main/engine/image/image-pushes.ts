/** Images of the store on their way to registries. */
import {
  familiarImageReference,
  formatImageReference,
  parseImageReference,
  type ImageReference,
} from '../../contract/image-reference.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import type { ContentStore } from '../oci/content-store.ts';
import { limits } from '../oci/document.ts';
import type { Descriptor } from '../oci/image-source.ts';
import { parseManifest } from '../oci/manifest.ts';
import type { PushableImage, PushOptions } from '../oci/registry/push-image.ts';
import type { LibraryContext } from './library-context.ts';
import type { OpenStore } from './open-store.ts';
import { parseReference } from './parse-reference.ts';

/** Options of {@link ImagePushes.push}. */
export type PushImageOptions = Omit<PushOptions, 'mountFrom'>;

/** See the head of this file. */
export class ImagePushes {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /**
   * Pushes an image to a repository; returns the digest of its manifest. Blobs that the store has
   * from another repository of the same registry are mounted from there.
   * @throws AppError `image/not-stored`, `image/incomplete`, `image/reference-invalid` where the
   * target names another digest, `registry/…`, `operation/cancelled`
   */
  async push(reference: string, as: string, options: PushImageOptions): Promise<string> {
    const source = parseReference(reference);
    const target = parseReference(as);
    const what = `The push of ${familiarImageReference(source)}`;
    return await this.#context.during(what, options.signal, async (signal) => {
      const { content, leases, references } = this.#context.store;
      const digest = references.get(formatImageReference(source))?.digest;
      if (digest === undefined) {
        const message = `The image ${familiarImageReference(source)} is not in the store.`;
        throw new AppError('image/not-stored', message, { hint: 'Pull or import it first.' });
      }
      if (target.digest !== undefined && target.digest !== digest) {
        const message = `The image has the digest ${digest}, and cannot be pushed as ${target.digest}.`;
        throw new AppError('image/reference-invalid', message);
      }
      const image = await readPushable(digest, content);
      const elsewhere = await leases.apart(() => findElsewhere(target, this.#context.store));
      const mountFrom = (blob: string): string | undefined => elsewhere.get(blob);
      await this.#context.registries.push(image, target, { ...options, signal, mountFrom });
      return digest;
    });
  }
}

async function readPushable(digest: string, content: ContentStore): Promise<PushableImage> {
  if (!(await content.has(digest))) {
    throw new AppError('image/incomplete', `The manifest ${digest} is not in the store any more.`);
  }
  const bytes = await content.readBlob(digest, limits.manifestBytes);
  const origin = { name: digest, malformed: 'image/unsupported' } as const;
  const document = parseManifest(bytes, origin);
  if (document.kind === 'index') {
    throw new AppError('image/unsupported', `${digest} is an index of images and not one image.`);
  }
  const { mediaType } = document;
  const manifest: Descriptor = { mediaType, digest, size: bytes.length };
  return { manifest, manifestBytes: bytes, blobs: [...document.layers, document.config] };
}

/** Repositories of the target's registry that have blobs of the store, by digest. */
async function findElsewhere(
  { registry, repository }: ImageReference,
  { content, references }: OpenStore,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [name, { digest }] of references.entries()) {
    const parsed = parseImageReference(name);
    if (!parsed.ok || parsed.reference.registry !== registry) continue;
    if (parsed.reference.repository === repository) continue;
    try {
      const { blobs } = await readPushable(digest, content);
      for (const blob of blobs) found.set(blob.digest, parsed.reference.repository);
    } catch (error) {
      // Another image that is damaged stands in nobody's way here.
      if (!isAppError(error)) throw error;
    }
  }
  return found;
}
