import { z } from 'zod';
import { errorDataSchema } from '../../contract/error.ts';
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import { temporaryRuleSchema } from '../../contract/network.ts';
import { acceleratorSchema, beginningSchema } from '../../contract/sandbox.ts';
import { diskChainSchema } from '../snapshot/disk-chain.ts';
import { rootRecordSchema } from '../snapshot/root-record.ts';
import { machineShapeSchema } from './power/machine-shape.ts';

/** `sandbox.json` in a sandbox's folder. Earlier versions: `migrate-record.ts`. */
export const sandboxRecordSchema = z.strictObject({
  version: z.literal(2),
  id: z.string().regex(/^[0-9a-f]{10}$/),
  /** A record that is still `creating` when an engine opens belongs to a creation that was cut off. */
  phase: z.enum(['creating', 'ready']),
  config: sandboxConfigSchema,
  root: rootRecordSchema,
  /** Whether the patches of the configuration were applied, which happens once. */
  isPatched: z.boolean(),
  /** The files of its writable disk; without it the one that it was made with. See `disk-of-record.ts`. */
  disk: diskChainSchema.optional(),
  /** The snapshot that its disk goes on from. */
  basedOn: z.string().optional(),
  /** The sandbox that it was branched from without a snapshot: its id, and its name then. */
  branchedFrom: z.strictObject({ id: z.string(), name: z.string() }).optional(),
  /** Id of the sandbox whose place this one took; that one goes when both are found. */
  replaces: z.string().optional(),
  createdAtMs: z.number(),
  /** The run that is under way, for the engine that comes after this one. */
  run: z
    .strictObject({
      startedAtMs: z.number(),
      bootMs: z.number(),
      accelerator: acceleratorSchema,
      sharedBy: z.enum(['virtiofs', '9p']).optional(),
      beganBy: beginningSchema.optional(),
      /** What its machine was started as; absent where an earlier version has started it. */
      machine: machineShapeSchema.optional(),
      /** Someone has paused it. A machine that stands still without it was about to be saved. */
      isPaused: z.literal(true).optional(),
      /** Decided on for this run only, the latest first. */
      temporaryRules: z.array(temporaryRuleSchema).optional(),
    })
    .optional(),
  /**
   * The run is suspended: its machine was saved into the sandbox's folder, and is not to run any
   * more. It is taken away again when all of the saved machine is in a new process, and before any
   * of that runs: so no state runs twice.
   */
  suspended: z.strictObject({ atMs: z.number(), memoryBytes: z.number() }).optional(),
  /** What it goes on with was another sandbox's: its guest has not been told who it is yet. */
  isNewcomer: z.literal(true).optional(),
  /** How the last run ended, when nobody asked it to. */
  lastError: errorDataSchema.optional(),
});

/** See {@link sandboxRecordSchema}. */
export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;
