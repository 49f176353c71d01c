import { z } from 'zod';
import { rootFactsSchema } from './config/config-report.ts';
import { errorDataSchema } from './error.ts';
import { sandboxConfigSchema } from './sandbox-config.ts';

/**
 * `paused`: its processors stand still, its memory stays in the host's. `suspended`: its memory is
 * in a file, nothing of it runs, and a start goes on where it was. `crashed` is stopped without
 * having been asked to.
 */
export const sandboxStateSchema = z.enum([
  'creating',
  'starting',
  'running',
  'paused',
  'suspending',
  'suspended',
  'stopping',
  'stopped',
  'crashed',
]);

/** See {@link sandboxStateSchema}. */
export type SandboxState = z.infer<typeof sandboxStateSchema>;

/** What runs the virtual CPUs: hardware (`kvm`, `hvf`) or software emulation (`tcg`), which is slow. */
export const acceleratorSchema = z.enum(['kvm', 'hvf', 'tcg']);

/** See {@link acceleratorSchema}. */
export type Accelerator = z.infer<typeof acceleratorSchema>;

/**
 * How a run began: with its kernel (`cold`), from a template (`warm`), where its own memory was kept
 * (`resumed`), or in the midst of what another sandbox was doing (`branched`).
 */
export const beginningSchema = z.enum(['cold', 'warm', 'resumed', 'branched']);

/** See {@link beginningSchema}. */
export type Beginning = z.infer<typeof beginningSchema>;

/** A sandbox as clients see it. */
export const sandboxSchema = z.object({
  /** Stable for the sandbox's whole life; a new sandbox of the same name has another one. */
  id: z.string(),
  name: z.string(),
  state: sandboxStateSchema,
  config: sandboxConfigSchema,
  /** Digest of the image's manifest, pinned at creation; absent until the image is there. */
  imageDigest: z.string().optional(),
  /** What its root is made of; absent until that is known. */
  root: rootFactsSchema.optional(),
  /** How directories of the host reach the guest of the present run; absent where none do. */
  sharedBy: z.enum(['virtiofs', '9p']).optional(),
  createdAtMs: z.number(),
  /** Of the present run. */
  startedAtMs: z.number().optional(),
  /** Milliseconds from the request to a working agent, of the present run. */
  bootMs: z.number().optional(),
  accelerator: acceleratorSchema.optional(),
  /** Of the present run. */
  beganBy: beginningSchema.optional(),
  /** Of one that is suspended. */
  suspended: z.object({ atMs: z.number(), memoryBytes: z.number() }).optional(),
  /** The snapshot that its disk goes on from: the latest that was taken of it or restored. */
  basedOn: z.string().optional(),
  /** The sandbox that it was branched from without a snapshot: its id, and its name then. */
  branchedFrom: z.object({ id: z.string(), name: z.string() }).optional(),
  /** Process id of the virtual machine on the host. */
  vmPid: z.number().optional(),
  /** `up`: packets of the guest are served. `down`: not at the moment. `none`: it does not run. */
  network: z.enum(['up', 'down', 'none']),
  /** Why the last run ended, when it was not asked to. */
  lastError: errorDataSchema.optional(),
});

/** See {@link sandboxSchema}. */
export type Sandbox = z.infer<typeof sandboxSchema>;
