import { z } from 'zod';

/** A file or directory of the host, for a field that completes paths. */
export const pathEntrySchema = z.object({
  /** Absolute; a directory ends in `/`. */
  path: z.string(),
  kind: z.enum(['directory', 'file', 'other']),
});

/** See {@link pathEntrySchema}. */
export type PathEntry = z.infer<typeof pathEntrySchema>;
