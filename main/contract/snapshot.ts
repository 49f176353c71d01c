/** Snapshots: a sandbox as it was at one moment, to go back to or to branch from. */
import { z } from 'zod';
import { sandboxConfigSchema } from './sandbox-config.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

/** Sandboxes that one request branches, at most. */
export const maxBranches = 32;

/** A snapshot's name is for people: letters, digits, spaces and `._-`, and no space at an end. */
export const snapshotNameSchema = z
  .string()
  .min(1, { error: 'A snapshot needs a name.', abort: true })
  .max(64, 'The name of a snapshot has at most 64 characters.')
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]*[\p{L}\p{N}._-])?$/u,
    'The name of a snapshot has letters, digits, spaces, ".", "_" and "-", and begins with a letter or digit.',
  );

/** A snapshot as clients see it. Names are those of one sandbox's snapshots; ids are for all. */
export const snapshotSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The sandbox that it was taken of; that one may be gone. */
  sandbox: z.object({ id: z.string(), name: z.string() }),
  /** The snapshot that the sandbox went on from then. */
  parentId: z.string().optional(),
  createdAtMs: z.number(),
  /** What a branch or a restored sandbox is made with. */
  config: sandboxConfigSchema,
  /** It was taken of a running machine, and what was in memory goes on. */
  hasMemory: z.boolean(),
  /** Why its memory cannot be used on this machine as it is now; its disk can. */
  memoryProblem: z.string().optional(),
  /** Space on the host that its disk takes, what it shares with others included. */
  diskBytes: z.number(),
  /** What of that would be free if this snapshot alone were removed. */
  ownDiskBytes: z.number(),
  /** Space of the file with its memory. */
  memoryBytes: z.number(),
});

/** See {@link snapshotSchema}. */
export type Snapshot = z.infer<typeof snapshotSchema>;

const snapshotId = z.string().regex(/^[0-9a-f]{10}$/, 'The id of a snapshot has 10 hex digits.');
const byId = z.strictObject({ id: snapshotId });

/** What is compared: a snapshot, or a sandbox as it is now. */
const comparedSchema = z.union([byId, z.strictObject({ sandbox: sandboxNameSchema })]);

/** See {@link comparedSchema}. */
export type Compared = z.output<typeof comparedSchema>;

const comparison = z.strictObject({
  /** Absent: what both began with, which is the image or the directory or disk below. */
  from: byId.optional(),
  to: comparedSchema,
});

/** What each procedure of `snapshots` takes. */
export const snapshotInputs = {
  byId,
  create: z.strictObject({
    /** The sandbox. */
    name: sandboxNameSchema,
    /** Of the snapshot; the moment when it is left out. */
    as: snapshotNameSchema.optional(),
    /** Where it runs: its memory too. Absent: where it can be. */
    withMemory: z.boolean().optional(),
  }),
  rename: byId.extend({ name: snapshotNameSchema }),
  /** Puts the sandbox back to the snapshot, whatever it does now. */
  restore: byId.extend({
    /** The sandbox; the one that the snapshot was taken of when left out. */
    name: sandboxNameSchema.optional(),
    /** False: the disk alone, and the sandbox is stopped then. Absent: where there is memory. */
    withMemory: z.boolean().optional(),
  }),
  /** Makes sandboxes that go on from a snapshot, or from a sandbox as it is now. */
  branch: z.strictObject({
    from: comparedSchema,
    /** Names of the new sandboxes. */
    as: z.array(sandboxNameSchema).min(1).max(maxBranches),
    /** Absent: where there is memory. Without it they boot from the disk. */
    withMemory: z.boolean().optional(),
  }),
  comparison,
};
