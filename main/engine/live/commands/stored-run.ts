/** A run of a command as it is kept: what clients see, and by what it is found in its guest. */
import { z } from 'zod';
import { commandRunSchema, type CommandRun } from '../../../contract/commands.ts';

/** See the head of this file. Values of the environment are not in it. */
export const storedRunSchema = commandRunSchema.extend({
  /** While it runs: its session, in the machine that was started then. */
  session: z.object({ id: z.number(), machineStartedAtMs: z.number() }).optional(),
});

/** See {@link storedRunSchema}. */
export type StoredRun = z.infer<typeof storedRunSchema>;

/** As clients see it. */
export function toCommandRun({ session: _session, ...run }: StoredRun): CommandRun {
  return run;
}
