import { z } from 'zod';

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
  layers: z.array(
    z.object({
      digest: z.string(),
      diffId: z.string(),
      downloadBytes: z.number(),
      diskBytes: z.number(),
    }),
  ),
  createdAtMs: z.number().optional(),
  pulledAtMs: z.number(),
});

/** See {@link imageSchema}. */
export type Image = z.infer<typeof imageSchema>;
