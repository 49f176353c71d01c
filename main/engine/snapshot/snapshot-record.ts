import { z } from 'zod';
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import { snapshotNameSchema } from '../../contract/snapshot.ts';
import { diskChainSchema } from './disk-chain.ts';
import { rootRecordSchema } from './root-record.ts';

/** The id of a snapshot or of a sandbox. */
const recordIdSchema = z.string().regex(/^[0-9a-f]{10}$/);

/** `snapshot.json` in a snapshot's folder, which is written last: a folder without it is none. */
export const snapshotRecordSchema = z.strictObject({
  version: z.literal(1),
  id: recordIdSchema,
  name: snapshotNameSchema,
  /** The sandbox that it was taken of: its id, and its name then. */
  sandbox: z.strictObject({ id: recordIdSchema, name: z.string() }),
  parentId: recordIdSchema.optional(),
  createdAtMs: z.number(),
  config: sandboxConfigSchema,
  root: rootRecordSchema,
  /** As in the record of the sandbox. */
  isPatched: z.boolean(),
  /** None of its files is ever written. */
  disk: diskChainSchema,
  /** There is a saved machine in {@link SnapshotFiles.memoryDir}. */
  hasMemory: z.boolean(),
});

/** See {@link snapshotRecordSchema}. */
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
