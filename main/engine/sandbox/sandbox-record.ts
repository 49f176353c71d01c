import { z } from 'zod';
import { diskFormatSchema } from '../../contract/config/root-options.ts';
import { errorDataSchema } from '../../contract/error.ts';
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import { temporaryRuleSchema } from '../../contract/network.ts';
import { acceleratorSchema, beginningSchema } from '../../contract/sandbox.ts';
import { machineShapeSchema } from './power/machine-shape.ts';

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

const rootRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('image'),
    /** Full reference, as it was resolved at creation. */
    reference: z.string(),
    /** Pinned: a start never resolves the reference again. */
    digest: z.string(),
    defaults: imageDefaultsSchema,
  }),
  z.strictObject({ kind: z.literal('directory'), path: z.string() }),
  z.strictObject({
    kind: z.literal('disk'),
    path: z.string(),
    /**
     * Pinned: what the guest writes must not change what the disk is opened as. With the files
     * below it, each with its format.
     */
    format: diskFormatSchema,
    virtualBytes: z.number(),
    backing: z.array(z.strictObject({ path: z.string(), format: diskFormatSchema })),
    /** Other files that belong to the disk itself. */
    otherFiles: z.array(z.string()),
    /** Whether the sandbox writes to an overlay of its own. */
    isForked: z.boolean(),
  }),
]);

/** What a sandbox's root is made of, as it was when the sandbox was made. */
export type RootRecord = z.infer<typeof rootRecordSchema>;

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
  /** How the last run ended, when nobody asked it to. */
  lastError: errorDataSchema.optional(),
});

/** See {@link sandboxRecordSchema}. */
export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;
