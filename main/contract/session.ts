import { z } from 'zod';
import { recordOf } from './config/record.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

const terminalSizeSchema = z.int().min(1).max(1000);

/** How a session ended. A signal's number is the guest's (Linux). */
export const exitStatusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), code: z.number() }),
  z.object({ kind: z.literal('signalled'), signal: z.number() }),
]);

/** See {@link exitStatusSchema}. */
export type ExitStatus = z.infer<typeof exitStatusSchema>;

/** A command to start in a sandbox. With `tty` it gets a terminal, and stdout carries everything. */
export const execRequestSchema = z.strictObject({
  name: sandboxNameSchema,
  /** argv; the first is looked up on the guest's PATH. Empty: what the image runs by default. */
  command: z.array(z.string().max(128 * 1024)).max(4096),
  /** Wins over the sandbox's environment, key by key. */
  env: recordOf(z.string(), z.string()).optional(),
  workdir: z.string().optional(),
  /** A name or a numeric id of the guest, with `:group` if wanted. */
  user: z.string().optional(),
  tty: z.object({ rows: terminalSizeSchema, columns: terminalSizeSchema }).optional(),
});

/** See {@link execRequestSchema}. */
export type ExecRequest = z.infer<typeof execRequestSchema>;

/** Whose size a terminal with several clients has: the smallest of all, or that of who asked for it. */
export const sessionSizingSchema = z.enum(['smallest', 'mine']);

/** See {@link sessionSizingSchema}. */
export type SessionSizing = z.infer<typeof sessionSizingSchema>;

/** A terminal on the sandbox's shell. */
export const shellRequestSchema = z.strictObject({
  name: sandboxNameSchema,
  /** A command line for the shell's `-c`; an interactive shell without it. */
  script: z.string().optional(),
  tty: z.object({ rows: terminalSizeSchema, columns: terminalSizeSchema }).optional(),
});

/** See {@link shellRequestSchema}. */
export type ShellRequest = z.infer<typeof shellRequestSchema>;

/** A command that runs in a sandbox, or has ended and was not yet read to its end. */
export const sessionSchema = z.object({
  id: z.string(),
  sandbox: z.string(),
  command: z.array(z.string()),
  tty: z.boolean(),
  startedAtMs: z.number(),
  /** A terminal that has ended stays, with its last screen, until it is closed or makes way. */
  exit: exitStatusSchema.optional(),
  endedAtMs: z.number().optional(),
  /** Of a terminal: as its program set it (OSC 0 and 2), without control characters. */
  title: z.string().optional(),
  /** Clients that show it now. */
  clients: z.number().optional(),
  /** It carries the files of an upload or download, and is no command of anyone. */
  isTransfer: z.boolean().optional(),
  /** It is the sandbox's shell, or the one that stands in for it: the image lacks `wanted`. */
  shell: z.object({ path: z.string(), wanted: z.string().optional() }).optional(),
});

/** What runs in a terminal besides its shell. */
export const sessionActivitySchema = z.object({
  /** The program in the foreground, where it is not the shell itself; the guest's own word. */
  foreground: z.string().optional(),
});

/** See {@link sessionActivitySchema}. */
export type SessionActivity = z.infer<typeof sessionActivitySchema>;

/** See {@link sessionSchema}. */
export type Session = z.infer<typeof sessionSchema>;
