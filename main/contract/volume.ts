import { z } from 'zod';

/** A named volume: a directory that Skerry keeps and that outlives sandboxes. */
export const namedVolumeSchema = z.object({
  name: z.string(),
  /** Directory of the host with its content. */
  path: z.string(),
  createdAtMs: z.number(),
  /** What it occupies on the disk; absent where that was not asked. */
  diskBytes: z.number().optional(),
  /** Names of the sandboxes that mount it. */
  usedBy: z.array(z.string()),
});

/** See {@link namedVolumeSchema}. */
export type NamedVolume = z.infer<typeof namedVolumeSchema>;
