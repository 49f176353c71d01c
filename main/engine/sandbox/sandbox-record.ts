import { z } from 'zod';
import { errorDataSchema } from '../../contract/error.ts';
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import { acceleratorSchema } from '../../contract/sandbox.ts';

/** What of an image's configuration a sandbox keeps, so that it needs the image's blobs no more. */
const imageDefaultsSchema = z.strictObject({
  env: z.array(z.string()),
  workdir: z.string().optional(),
  user: z.string().optional(),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
});

/** See {@link imageDefaultsSchema}. */
export type ImageDefaults = z.infer<typeof imageDefaultsSchema>;

/** `sandbox.json` in a sandbox's folder. */
export const sandboxRecordSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{10}$/),
  /** A record that is still `creating` when an engine opens belongs to a creation that was cut off. */
  phase: z.enum(['creating', 'ready']),
  config: sandboxConfigSchema,
  image: z.strictObject({
    /** Full reference, as it was resolved at creation. */
    reference: z.string(),
    /** Pinned: a start never resolves the reference again. */
    digest: z.string(),
    defaults: imageDefaultsSchema,
  }),
  createdAtMs: z.number(),
  /** The run that is under way, for the engine that comes after this one. */
  run: z
    .strictObject({
      startedAtMs: z.number(),
      bootMs: z.number(),
      accelerator: acceleratorSchema,
    })
    .optional(),
  /** How the last run ended, when nobody asked it to. */
  lastError: errorDataSchema.optional(),
});

/** See {@link sandboxRecordSchema}. */
export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;
