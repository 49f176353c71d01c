import { z } from 'zod';
import { sandboxNameSchema } from './sandbox-name.ts';

/** Longest name or path of a terminal emulator, in characters. */
export const maxEmulatorLength = 4096;

/** Which sandbox a terminal of the desktop is opened in, and by which emulator. */
export const openTerminalSchema = z.strictObject({
  name: sandboxNameSchema,
  /** Name or absolute path of the emulator; empty: `$TERMINAL`, or the first one that is there. */
  emulator: z
    .string()
    .max(maxEmulatorLength)
    .regex(/^\P{Cc}*$/u, 'A program has no control characters in its name.')
    .default(''),
});

/** The emulator that was opened: its path, or the name of an application on macOS. */
export const openedTerminalSchema = z.object({ emulator: z.string() });

/** See {@link openedTerminalSchema}. */
export type OpenedTerminal = z.infer<typeof openedTerminalSchema>;
