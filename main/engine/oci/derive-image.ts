/**
 * The documents of an image that is another one with one more layer (image specification, config.md
 * and manifest.md). What is not about layers stays as it was, known or not.
 */
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { parseImageConfig } from './config.ts';
import { limits, parseDocument, type DocumentOrigin } from './document.ts';
import type { Descriptor } from './image-source.ts';
import { parseManifest } from './manifest.ts';
import { derivedMediaTypes } from './media-types.ts';
import { quote } from './quote.ts';

/** The documents of an image, as they are in the store. */
export interface ImageDocuments {
  readonly manifest: Uint8Array;
  readonly config: Uint8Array;
}

/** The layer that is new, its tar compressed by gzip. */
export interface NewLayer {
  readonly digest: string;
  readonly size: number;
  readonly diffId: string;
}

/** How the layer came to be (config.md, `history`). */
export interface LayerHistory {
  readonly created: Date;
  readonly createdBy: string;
  readonly comment?: string | undefined;
  readonly author?: string | undefined;
}

const objectSchema = z.record(z.string(), z.unknown());
const historySchema = z.array(z.looseObject({ empty_layer: z.boolean().nullish() })).nullish();

/**
 * Checks that the image can have one more layer, before that is made.
 * @throws AppError `image/unsupported`
 */
export function checkDerivable(base: ImageDocuments, origin: DocumentOrigin): void {
  const manifest = parseManifest(base.manifest, origin);
  const count = manifest.kind === 'manifest' ? manifest.layers.length : 0;
  const { diffIds } = parseImageConfig(base.config, origin);
  parseDocument(
    base.config,
    'The configuration',
    z.looseObject({ history: historySchema }),
    origin,
  );
  if (manifest.kind !== 'manifest' || diffIds.length !== count) {
    throw new AppError('image/unsupported', `${quote(origin.name)} is not one image.`);
  }
  if (count < limits.layers) return;
  const message = `The image ${quote(origin.name)} has ${String(count)} layers, and no image can have more than ${String(limits.layers)}.`;
  throw new AppError('image/unsupported', message, {
    hint: 'Build the image anew with fewer steps.',
  });
}

/** The configuration with the layer at its end. */
export function deriveConfig(
  base: ImageDocuments,
  diffId: string,
  { created, createdBy, comment, author }: LayerHistory,
  origin: DocumentOrigin,
): Uint8Array {
  const document = parseDocument(base.config, 'The configuration', objectSchema, origin);
  const { diffIds } = parseImageConfig(base.config, origin);
  const history = historySchema.parse(document['history']) ?? [];
  const step = {
    created: created.toISOString(),
    created_by: createdBy,
    ...(author !== undefined && { author }),
    ...(comment !== undefined && { comment }),
  };
  const config = {
    ...document,
    ...(author !== undefined && { author }),
    created: step.created,
    history: [...history, ...missingSteps(history, diffIds.length), step],
    rootfs: { type: 'layers', diff_ids: [...diffIds, diffId] },
  };
  return Buffer.from(JSON.stringify(config));
}

/** Readers count the steps that made a layer: an image that kept no history has one for each. */
function missingSteps(
  history: readonly { readonly empty_layer?: boolean | null | undefined }[],
  layers: number,
): { comment: string }[] {
  const made = history.filter((step) => step.empty_layer !== true).length;
  return Array.from({ length: Math.max(0, layers - made) }, () => ({ comment: 'not recorded' }));
}

/** The manifest with the layer on top. Annotations were about the other image, and go. */
export function deriveManifest(
  base: ImageDocuments,
  config: Pick<Descriptor, 'digest' | 'size'>,
  layer: NewLayer,
  origin: DocumentOrigin,
): Uint8Array {
  const schema = z.object({
    config: z.object({ mediaType: z.string() }),
    layers: z.array(objectSchema),
  });
  const document = parseDocument(base.manifest, 'The manifest', schema, origin);
  const types = derivedMediaTypes(document.config.mediaType);
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: document.config.mediaType, digest: config.digest, size: config.size },
    layers: [
      ...document.layers,
      { mediaType: types.gzipLayer, digest: layer.digest, size: layer.size },
    ],
  };
  return Buffer.from(JSON.stringify(manifest));
}
