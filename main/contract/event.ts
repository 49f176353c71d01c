import { z } from 'zod';
import { imageSchema } from './image.ts';
import { operationSchema } from './operation.ts';
import { sandboxSchema } from './sandbox.ts';
import { snapshotSchema } from './snapshot.ts';

/**
 * What a client hears. The first event of a subscription is a `snapshot`, so that a client that
 * subscribes knows everything and misses nothing after it.
 */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    sandboxes: z.array(sandboxSchema),
    images: z.array(imageSchema),
    operations: z.array(operationSchema),
    snapshots: z.array(snapshotSchema),
  }),
  /** A sandbox is new or has changed. */
  z.object({ type: z.literal('sandbox'), sandbox: sandboxSchema }),
  z.object({ type: z.literal('sandbox-removed'), id: z.string(), name: z.string() }),
  z.object({ type: z.literal('images'), images: z.array(imageSchema) }),
  /** All of them: one is new, has gone, or has changed. */
  z.object({ type: z.literal('snapshots'), snapshots: z.array(snapshotSchema) }),
  z.object({ type: z.literal('operation'), operation: operationSchema }),
]);

/** See {@link engineEventSchema}. */
export type EngineEvent = z.infer<typeof engineEventSchema>;
