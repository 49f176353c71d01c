import { z } from 'zod';
import { acceleratorSchema } from './sandbox.ts';

/** A machine that was booted once up to where its agent waits, and from which others start. */
export const templateSchema = z.object({
  /** Names its shape: whatever has to be the same for a sandbox to start from it. */
  key: z.string(),
  cpus: z.number(),
  memoryMiB: z.number(),
  accelerator: acceleratorSchema,
  /** Of the guest's kernel: `6.1.0-49-cloud-amd64`. */
  kernelRelease: z.string(),
  createdAtMs: z.number(),
  usedAtMs: z.number(),
  /** Starts from it since it was made, as far as this host process knows. */
  useCount: z.number(),
  /** Space that it takes, in shared memory or on disk. */
  bytes: z.number(),
  place: z.enum(['shared-memory', 'disk']),
});

/** See {@link templateSchema}. */
export type Template = z.infer<typeof templateSchema>;
