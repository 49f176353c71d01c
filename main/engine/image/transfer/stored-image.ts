/** What an export needs to know of an image of the store. */
import { formatImageReference, type ImageReference } from '../../../contract/image-reference.ts';
import { AppError } from '../../base/app-error.ts';
import { parseImageConfig } from '../../oci/config.ts';
import type { ContentStore } from '../../oci/content-store.ts';
import { limits } from '../../oci/document.ts';
import { sizeOfFile } from '../../oci/file-bytes.ts';
import type { Descriptor, ImageConfig, LayerDescriptor } from '../../oci/image-source.ts';
import { parseManifest } from '../../oci/manifest.ts';

/** An image all of whose blobs are there. */
export interface StoredImage {
  readonly reference: ImageReference;
  readonly manifest: Descriptor;
  readonly config: Descriptor & Pick<ImageConfig, 'os' | 'architecture' | 'variant'>;
  /** Bottom first. */
  readonly layers: readonly LayerDescriptor[];
}

/**
 * Reads the documents of an image and sees whether its layers are there.
 * @throws AppError `store/corrupt` where a blob is missing or damaged
 */
export async function readStoredImage(
  reference: ImageReference,
  digest: string,
  content: ContentStore,
): Promise<StoredImage> {
  const name = formatImageReference(reference);
  const origin = { name, malformed: 'image/unsupported' } as const;
  const bytes = await content.readBlob(digest, limits.manifestBytes);
  const document = parseManifest(bytes, origin);
  if (document.kind === 'index') {
    throw new AppError('store/corrupt', `The image ${name} is recorded with an index.`);
  }
  const configBytes = await content.readBlob(document.config.digest, limits.configBytes);
  const { config, diffIds } = parseImageConfig(configBytes, origin);
  const layers = document.layers.map((layer, index) => ({
    ...layer,
    diffId: diffIds[index] ?? '',
  }));
  for (const layer of layers) {
    const size = await sizeOfFile(content.blobPath(layer.digest));
    if (size === layer.size) continue;
    const problem = size === undefined ? 'is not in the store' : 'is damaged';
    throw new AppError('store/corrupt', `The layer ${layer.digest} of ${name} ${problem}.`, {
      hint: 'Remove the image and pull it again.',
      details: { digest: layer.digest },
    });
  }
  const { os, architecture, variant } = config;
  return {
    reference,
    manifest: { mediaType: document.mediaType, digest, size: bytes.length },
    config: {
      ...document.config,
      os,
      architecture,
      ...(variant !== undefined && { variant }),
    },
    layers,
  };
}
