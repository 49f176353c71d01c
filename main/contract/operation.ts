import { z } from 'zod';
import { errorDataSchema } from './error.ts';

/** One step of long work. `key` says which: `resolve`, `layer:sha256:…`, `root`, `boot`, `agent`. */
export const stageSchema = z.object({
  key: z.string(),
  /** In words, for a person: `Pull layer 1/2`. */
  label: z.string(),
  state: z.enum(['waiting', 'active', 'done', 'failed', 'skipped']),
  /** Bytes done and in all, where the stage moves bytes. */
  bytesDone: z.number().optional(),
  bytesTotal: z.number().optional(),
  /** What the stage is at, in a word or two: `unpacking`, `in store`. */
  note: z.string().optional(),
  /** Milliseconds since the epoch. */
  startedAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
});

/** See {@link stageSchema}. */
export type Stage = z.infer<typeof stageSchema>;

/** Long work that a client can watch and cancel; it goes on whether or not anyone watches. */
export const operationSchema = z.object({
  id: z.string(),
  kind: z.enum(['create', 'start', 'restart', 'pull']),
  /** What it works on: a sandbox's name, or an image reference. */
  subject: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  stages: z.array(stageSchema),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  error: errorDataSchema.optional(),
});

/** See {@link operationSchema}. */
export type Operation = z.infer<typeof operationSchema>;
