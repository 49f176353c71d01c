/** What is in the image store, what can go, and what is wrong with it. */
import { z } from 'zod';

/** What a removal takes away, or took. */
export const removalSchema = z.object({
  /** As people write them. */
  references: z.array(z.string()),
  /** Digests of the tars of unpacked layers that go (`diffId`). */
  layers: z.array(z.string()),
  /** Bytes on the disk. */
  freedBytes: z.number(),
});

/** See {@link removalSchema}. */
export type Removal = z.infer<typeof removalSchema>;

/** Where the bytes of the store are. */
export const storeUsageSchema = z.object({
  totalBytes: z.number(),
  /**
   * Above this, after each image that comes, what no image has is collected, and then images that
   * were pulled and that no sandbox uses. Absent where there is no limit.
   */
  limitBytes: z.number().optional(),
  /** What `prune` would free now, without and with images that no sandbox uses. */
  reclaimableBytes: z.number(),
  reclaimableWithImagesBytes: z.number(),
  /** By manifest; several references can be one image. */
  images: z.array(
    z.object({
      digest: z.string(),
      references: z.array(z.string()),
      usedBy: z.array(z.string()),
      /** What would go with it alone: its own layers and metadata. */
      uniqueBytes: z.number(),
      /** What other images have as well. */
      sharedBytes: z.number(),
    }),
  ),
  layers: z.array(
    z.object({
      diffId: z.string(),
      /** Unpacked, and as it came. */
      bytes: z.number(),
      /** Digests of the manifests that have it; none: nothing uses it. */
      images: z.array(z.string()),
    }),
  ),
  /** All that belongs to no image: layers of none, interrupted fetches, the records of the store. */
  otherBytes: z.number(),
});

/** See {@link storeUsageSchema}. */
export type StoreUsage = z.infer<typeof storeUsageSchema>;

/** One thing that a check of the store found wrong. */
export const findingSchema = z.object({
  kind: z.enum(['blob', 'layer', 'root', 'reference', 'sandbox', 'leftover']),
  /** A digest, a reference or a file of the store. */
  subject: z.string(),
  problem: z.string(),
  /** What was done, or what to do next. */
  remedy: z.string(),
  isMended: z.boolean(),
});

/** See {@link findingSchema}. */
export type Finding = z.infer<typeof findingSchema>;
