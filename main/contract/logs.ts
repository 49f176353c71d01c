/** What a sandbox has said: its console, its agent, and the commands that ran in it without a terminal. */
import { z } from 'zod';
import { sandboxNameSchema } from './sandbox-name.ts';

/** Lines of one answer, at most. */
export const maxLogLines = 5_000;
/** Longest line that is kept, in characters; what is beyond begins another line. */
export const maxLogLineLength = 4_096;

/** `console`: the kernel and what else writes there. `agent`: Skerry's own program in the guest. */
export const logSourceSchema = z.enum(['console', 'agent', 'command']);

/** See {@link logSourceSchema}. */
export type LogSource = z.infer<typeof logSourceSchema>;

/** One line. */
export const logLineSchema = z.object({
  /** Counts up within a sandbox, over its runs: an entry's place. */
  sequence: z.number(),
  /** When the host read it. */
  atMs: z.number(),
  source: logSourceSchema,
  stream: z.enum(['stdout', 'stderr']).optional(),
  /** Of a command: the run of `commands.list` that said it. */
  commandId: z.string().optional(),
  /** Without control characters but for SGR (ECMA-48, 8.3.117), which has colours. */
  text: z.string(),
});

/** See {@link logLineSchema}. */
export type LogLine = z.infer<typeof logLineSchema>;

const filter = {
  name: sandboxNameSchema,
  sources: z.array(logSourceSchema).min(1).optional(),
  commandId: z.string().optional(),
  stream: z.enum(['stdout', 'stderr']).optional(),
  /** Lines that have this text, whatever the case. */
  search: z.string().max(1000).optional(),
  /** Milliseconds since the epoch, both ends included. */
  fromMs: z.number().optional(),
  toMs: z.number().optional(),
};

/** What the procedures of logs take. */
export const logInputs = {
  /** The latest lines before `beforeSequence`, or of all; oldest first in the answer. */
  read: z.strictObject({
    ...filter,
    beforeSequence: z.int().optional(),
    limit: z.int().min(1).max(maxLogLines).default(1000),
  }),
  /** The latest `tail` lines at once, then what comes. */
  follow: z.strictObject({ ...filter, tail: z.int().min(0).max(maxLogLines).default(200) }),
  byName: z.strictObject({ name: sandboxNameSchema }),
} as const;

/** A part of the log. */
export const logPageSchema = z.object({
  lines: z.array(logLineSchema),
  /** There are earlier ones that match. */
  hasEarlier: z.boolean(),
  /** Older lines than this one have made way for newer ones. */
  oldestSequence: z.number(),
});

/** See {@link logPageSchema}. */
export type LogPage = z.infer<typeof logPageSchema>;

/** What those who follow hear: `latest` comes first, and once. */
export const logEventSchema = z.discriminatedUnion('type', [
  logPageSchema.extend({ type: z.literal('latest') }),
  z.object({ type: z.literal('lines'), lines: z.array(logLineSchema) }),
  /** Of this run no line is there any more. */
  z.object({ type: z.literal('removed'), commandId: z.string() }),
  /** Of what was said before this line, nothing is there any more. */
  z.object({ type: z.literal('cleared'), oldestSequence: z.number() }),
]);

/** See {@link logEventSchema}. */
export type LogEvent = z.infer<typeof logEventSchema>;
