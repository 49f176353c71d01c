/** Commands that ran in a sandbox without a terminal, with what they said and how they ended. */
import { z } from 'zod';
import { recordOf } from './config/record.ts';
import { sandboxNameSchema } from './sandbox-name.ts';
import { exitStatusSchema } from './session.ts';

/** Runs that are kept of a sandbox; the oldest that has ended makes way. */
export const keptCommandRuns = 200;

/** One run of a command. */
export const commandRunSchema = z.object({
  id: z.string(),
  command: z.array(z.string()),
  /** As it was typed, where it was a line for the shell; or the name of a script of the sandbox. */
  line: z.string().optional(),
  script: z.string().optional(),
  /** `window`: of the page of commands. `client`: an exec of the command line or of a program. */
  origin: z.enum(['window', 'client']),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  exit: exitStatusSchema.optional(),
  /** It did not end with an exit: the sandbox stopped, or it could not be started. In words. */
  failure: z.string().optional(),
});

/** See {@link commandRunSchema}. */
export type CommandRun = z.infer<typeof commandRunSchema>;

/** What those who watch hear: `all` comes first, in place of whatever was known before. */
export const commandEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('all'), runs: z.array(commandRunSchema) }),
  /** They are new, or have changed. */
  z.object({ type: z.literal('changed'), runs: z.array(commandRunSchema) }),
  /** They were removed, or have made way for newer ones. */
  z.object({ type: z.literal('removed'), ids: z.array(z.string()) }),
]);

/** See {@link commandEventSchema}. */
export type CommandEvent = z.infer<typeof commandEventSchema>;

const byName = z.strictObject({ name: sandboxNameSchema });
const byId = byName.extend({ id: z.string() });

/** What the procedures of commands take. */
export const commandInputs = {
  byName,
  byId,
  /** Exactly one of `line` (for the sandbox's shell), `script` and `command` (argv). */
  run: byName.extend({
    line: z
      .string()
      .min(1)
      .max(128 * 1024)
      .optional(),
    script: z.string().optional(),
    command: z
      .array(z.string().max(128 * 1024))
      .min(1)
      .max(4096)
      .optional(),
    env: recordOf(z.string(), z.string()).optional(),
    workdir: z.string().optional(),
    user: z.string().optional(),
  }),
  /** Signal number of Linux; SIGTERM without one. */
  signal: byId.extend({ signal: z.int().min(1).max(64).default(15) }),
} as const;

/** A piece of a run's output, in the order in which it came. */
export const commandOutputSchema = z.object({
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});

/** See {@link commandOutputSchema}. */
export type CommandOutput = z.infer<typeof commandOutputSchema>;
