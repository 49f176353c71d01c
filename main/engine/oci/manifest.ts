/** Manifests and indexes, OCI (manifest.md, image-index.md) and Docker's schema 2 in one reading. */
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { isDigest } from './digest.ts';
import { limits, parseDocument, type DocumentOrigin } from './document.ts';
import type { Descriptor, LayerCompression } from './image-source.ts';
import {
  configMediaTypes,
  indexMediaTypes,
  layerMediaTypes,
  manifestMediaTypes,
} from './media-types.ts';
import { quote } from './quote.ts';

const descriptorShape = {
  mediaType: z.string().max(255),
  digest: z.string().max(255),
  size: z.int().nonnegative(),
};
const descriptorSchema = z.object(descriptorShape);

const optionalText = z.string().max(255).nullish();
const indexEntrySchema = z.object({
  ...descriptorShape,
  platform: z
    .object({ os: optionalText, architecture: optionalText, variant: optionalText })
    .nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

const documentSchema = z.object({
  schemaVersion: z.int(),
  mediaType: optionalText,
  manifests: z.array(indexEntrySchema).max(limits.indexEntries).nullish(),
  config: descriptorSchema.nullish(),
  layers: z.array(descriptorSchema).max(limits.layers).nullish(),
});

/** An entry of an index: a manifest and the platform it is for. */
export interface IndexEntry extends Descriptor {
  readonly platform?: {
    readonly os: string;
    readonly architecture: string;
    readonly variant: string;
  };
  readonly annotations: Readonly<Record<string, string>>;
}

/** A layer as its manifest names it. */
interface ManifestLayer extends Descriptor {
  readonly compression: LayerCompression;
}

/** What a manifest document is. */
export type ManifestDocument =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  | {
      readonly kind: 'manifest';
      /** Its own word, what it was declared to be, or the type that goes with its configuration. */
      readonly mediaType: string;
      readonly config: Descriptor;
      readonly layers: readonly ManifestLayer[];
    };

/**
 * Reads a manifest or an index. `declaredType` is the `Content-Type` or the descriptor's type.
 * A document that can be read as both, or whose types contradict it, is refused: two readers of
 * the same digest must not see two images. Throws `image/unsupported` or the origin's code.
 */
export function parseManifest(
  bytes: Uint8Array,
  origin: DocumentOrigin,
  declaredType?: string,
): ManifestDocument {
  const document = parseDocument(bytes, 'The manifest', documentSchema, origin);
  if (document.schemaVersion !== 2) {
    throw unsupported(origin, `has manifest schema ${String(document.schemaVersion)}, not 2`);
  }
  const isIndex = Boolean(document.manifests);
  const types = [declaredType, document.mediaType].filter((type) => typeof type === 'string');
  const wanted = isIndex ? indexMediaTypes : manifestMediaTypes;
  const known = [...indexMediaTypes, ...manifestMediaTypes];
  const contradicting = types.find((type) => known.includes(type) && !wanted.includes(type));
  if (contradicting !== undefined || (isIndex && (document.config ?? document.layers))) {
    throw new AppError(
      origin.malformed,
      `The manifest of ${quote(origin.name)} contradicts itself: it can be read as an index and as an image.`,
    );
  }
  if (typeof document.mediaType === 'string' && !known.includes(document.mediaType)) {
    throw unsupported(origin, `is of type ${quote(document.mediaType)}`);
  }
  if (document.manifests) return { kind: 'index', entries: document.manifests.map(toEntry) };
  if (!document.config || !document.layers) {
    throw new AppError(
      origin.malformed,
      `The manifest of ${quote(origin.name)} names no configuration or no layers.`,
    );
  }
  const { config } = document;
  if (!configMediaTypes.includes(config.mediaType)) {
    throw unsupported(origin, `is not an image of a container but ${quote(config.mediaType)}`);
  }
  checkDescriptor(config, limits.configBytes, origin);
  return {
    kind: 'manifest',
    mediaType: document.mediaType ?? declaredType ?? typeByConfig(config),
    config,
    layers: document.layers.map((layer) => {
      const compression = layerMediaTypes.get(layer.mediaType);
      if (compression === undefined) {
        throw unsupported(origin, `has a layer of type ${quote(layer.mediaType)}`);
      }
      checkDescriptor(layer, limits.layerBytes, origin);
      return { ...layer, compression };
    }),
  };
}

/** Refuses a digest that is not sha256, and a size that no honest image has. */
export function checkDescriptor(
  descriptor: Descriptor,
  maxBytes: number,
  origin: DocumentOrigin,
): void {
  if (!isDigest(descriptor.digest)) {
    throw unsupported(origin, `names ${quote(descriptor.digest)}, which is not a sha256 digest`);
  }
  if (descriptor.size > maxBytes) {
    throw unsupported(
      origin,
      `has a part of ${String(descriptor.size)} bytes where at most ${String(maxBytes)} are read`,
    );
  }
}

function toEntry(entry: z.output<typeof indexEntrySchema>): IndexEntry {
  const { mediaType, digest, size, platform } = entry;
  return {
    mediaType,
    digest,
    size,
    annotations: entry.annotations ?? {},
    ...(platform && {
      platform: {
        os: platform.os ?? '',
        architecture: platform.architecture ?? '',
        variant: platform.variant ?? '',
      },
    }),
  };
}

function unsupported(origin: DocumentOrigin, problem: string): AppError {
  return new AppError('image/unsupported', `The image ${quote(origin.name)} ${problem}.`);
}

function typeByConfig({ mediaType }: Descriptor): string {
  return manifestMediaTypes[configMediaTypes.indexOf(mediaType)] ?? manifestMediaTypes[0];
}
