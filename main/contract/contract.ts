import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { engineEventSchema } from './event.ts';
import { hostReportSchema } from './host.ts';
import { imageReferenceSchema } from './image-reference.ts';
import { imageSchema } from './image.ts';
import { operationSchema } from './operation.ts';
import { sandboxConfigSchema } from './sandbox-config.ts';
import { sandboxNameSchema } from './sandbox-name.ts';
import { sandboxSchema } from './sandbox.ts';
import { execRequestSchema, sessionSchema, shellRequestSchema } from './session.ts';

const byName = z.strictObject({ name: sandboxNameSchema });

/** What the window shows before anything runs. */
const suggestionSchema = z.object({ name: z.string(), image: z.string() });

/**
 * Every procedure that a client may call. Each fails with an oRPC error whose `data` is an
 * `ErrorData`. Long work returns its operation at once; `operations.watch` follows it to its end.
 * The bytes of a session cross a channel of their own: see `session-frames.ts`.
 */
export const contract = {
  host: {
    report: oc.output(hostReportSchema),
  },
  events: oc.output(eventIterator(engineEventSchema)),
  images: {
    list: oc.output(z.array(imageSchema)),
    pull: oc.input(z.strictObject({ reference: imageReferenceSchema })).output(operationSchema),
  },
  sandboxes: {
    list: oc.output(z.array(sandboxSchema)),
    inspect: oc.input(byName).output(sandboxSchema),
    /** A free name and the image to begin with. */
    suggest: oc.output(suggestionSchema),
    /** Pulls the image if it is not in the store, makes the sandbox and boots it. */
    create: oc.input(sandboxConfigSchema).output(operationSchema),
    start: oc.input(byName).output(operationSchema),
    stop: oc
      .input(byName.extend({ graceMs: z.int().min(0).max(600_000).optional() }))
      .output(sandboxSchema),
    restart: oc.input(byName).output(operationSchema),
    remove: oc.input(byName.extend({ force: z.boolean().default(false) })).output(z.void()),
    exec: oc.input(execRequestSchema).output(sessionSchema),
    shell: oc.input(shellRequestSchema).output(sessionSchema),
    sessions: oc.input(byName).output(z.array(sessionSchema)),
  },
  operations: {
    cancel: oc.input(z.strictObject({ id: z.string() })).output(z.void()),
    /** Yields the operation now and at each change, and ends when it has ended. */
    watch: oc.input(z.strictObject({ id: z.string() })).output(eventIterator(operationSchema)),
  },
};
