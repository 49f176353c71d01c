import { z } from 'zod';
import { volumeNameSchema } from './config/volume.ts';

/** The name of a preset; the same letters as a volume's. */
export const presetNameSchema = volumeNameSchema;

/** A configuration to begin from: shipped with Skerry, or saved by the user. */
export const presetSchema = z.object({
  name: presetNameSchema,
  /** In words, for a person: `Python 3`. */
  title: z.string(),
  description: z.string(),
  origin: z.enum(['shipped', 'own']),
  /** Fields of a create request as they were written; not yet checked, and without a name. */
  request: z.record(z.string(), z.json()),
});

/** See {@link presetSchema}. */
export type Preset = z.infer<typeof presetSchema>;
