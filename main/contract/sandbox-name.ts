import { z } from 'zod';
import { missing } from './config/issue-words.ts';

/** Longest sandbox name, in characters; it must also serve as the host name of the guest. */
const maxSandboxNameLength = 64;

/** A sandbox's name: letters, digits, `.`, `_` and `-`, starting with a letter or digit. */
export const sandboxNameSchema = z
  .string(missing('A sandbox needs a name.'))
  .min(1, { error: 'A sandbox needs a name.', abort: true })
  .max(maxSandboxNameLength, `A name has at most ${String(maxSandboxNameLength)} characters.`)
  .regex(/^[A-Za-z0-9]/, 'A name starts with a letter or digit.')
  .regex(/^[A-Za-z0-9._-]*$/, 'A name has only letters, digits, ".", "_" and "-".');
