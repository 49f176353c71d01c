import { z } from 'zod';

const imageLayerSchema = z.object({
  digest: z.string(),
  diffId: z.string(),
  downloadBytes: z.number(),
  diskBytes: z.number(),
});

/** An image in the local store. */
export const imageSchema = z.object({
  /** The form people write: `alpine`, `localhost:5000/team/app:1.2`. */
  reference: z.string(),
  /** Digest of its manifest. */
  digest: z.string(),
  /** `linux/amd64`. */
  platform: z.string(),
  /** Compressed, as the registry has it. */
  downloadBytes: z.number(),
  /** Unpacked, in the store. */
  diskBytes: z.number(),
  layers: z.array(imageLayerSchema),
  createdAtMs: z.number().optional(),
  pulledAtMs: z.number(),
});

/** See {@link imageSchema}. */
export type Image = z.infer<typeof imageSchema>;

/** A step of an image's making (OCI image specification, config.md, `history`). */
const historyEntrySchema = z.object({
  createdAtMs: z.number().optional(),
  createdBy: z.string().optional(),
  comment: z.string().optional(),
  author: z.string().optional(),
  /** Digest of the layer that the step made; absent where it made none. */
  layer: z.string().optional(),
});

/** Everything that the store knows of an image. */
export const imageDetailsSchema = imageSchema.extend({
  layers: z.array(
    imageLayerSchema.extend({
      mediaType: z.string(),
      /** Other images of the store that have this layer, as people write them. */
      sharedWith: z.array(z.string()),
    }),
  ),
  mediaType: z.string(),
  configDigest: z.string(),
  /** Other names of the same image in the store. */
  otherReferences: z.array(z.string()),
  /** Of the index that the reference led to, where one did: `linux/arm64/v8`, … */
  platforms: z.array(z.string()),
  config: z.object({
    user: z.string().optional(),
    workdir: z.string().optional(),
    env: z.array(z.string()),
    entrypoint: z.array(z.string()),
    cmd: z.array(z.string()),
    exposedPorts: z.array(z.string()),
    volumes: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    stopSignal: z.string().optional(),
  }),
  author: z.string().optional(),
  history: z.array(historyEntrySchema),
  /** Names of the sandboxes whose root it is. */
  usedBy: z.array(z.string()),
});

/** See {@link imageDetailsSchema}. */
export type ImageDetails = z.infer<typeof imageDetailsSchema>;
