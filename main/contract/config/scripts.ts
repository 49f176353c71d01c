/** Named scripts, which a sandbox has on its PATH. */
import { z } from 'zod';
import { textSchema } from './patch.ts';
import { recordOf } from './record.ts';

/** Where a sandbox has its scripts. */
export const scriptsDirectory = '/.msb/scripts';

const maxScripts = 256;

/** The name of a script: a plain file name. */
const scriptNameSchema = z
  .string()
  .max(128, 'The name of a script has at most 128 characters.')
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._+@-]*$/,
    'The name of a script is a plain file name: letters, digits, ".", "_", "-", "+" and "@".',
  );

/** Scripts by name. One without `#!` in front is run by the sandbox's shell. */
export const scriptsSchema = recordOf(scriptNameSchema, textSchema)
  .refine((scripts) => Object.keys(scripts).length <= maxScripts, {
    message: `A sandbox has at most ${String(maxScripts)} scripts.`,
  })
  .describe('Scripts on its PATH, by name; one without #! in front is run by the shell.');
