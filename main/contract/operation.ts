import { z } from 'zod';
import { errorDataSchema } from './error.ts';
import { findingSchema } from './image-upkeep.ts';

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

/** What an operation brought, for kinds that bring something. */
export const outcomeSchema = z.object({
  /** Images that are in the store now (`pull`, `import`, `commit`, `build`), or were sent (`push`, `export`). */
  references: z.array(z.string()).optional(),
  /** Of the manifest, where there is one image. */
  digest: z.string().optional(),
  /** The file that was written. */
  path: z.string().optional(),
  /** The snapshot that was taken. */
  snapshotId: z.string().optional(),
  /** The sandboxes that were branched, by name. */
  sandboxes: z.array(z.string()).optional(),
  /** Of a `check`: what was looked at, in a sentence or two, and what was found. */
  looked: z.string().optional(),
  findings: z.array(findingSchema).optional(),
});

/** See {@link outcomeSchema}. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** Long work that a client can watch and cancel; it goes on whether or not anyone watches. */
export const operationSchema = z.object({
  id: z.string(),
  kind: z.enum([
    ...(['create', 'start', 'restart'] as const),
    ...(['pull', 'push', 'import', 'export', 'commit', 'build', 'check'] as const),
    ...(['upload', 'download'] as const),
    ...(['suspend', 'snapshot', 'restore', 'branch', 'compare'] as const),
  ]),
  /** What it works on: a sandbox's name, an image reference, a file. */
  subject: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  stages: z.array(stageSchema),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  /** Where it succeeded. */
  outcome: outcomeSchema.optional(),
  /** It has lines of output, which `operations.output` gives. */
  hasOutput: z.boolean().optional(),
  error: errorDataSchema.optional(),
});

/** See {@link operationSchema}. */
export type Operation = z.infer<typeof operationSchema>;
