/** Changes to the root that are made once, before anything of the sandbox runs. */
import { z } from 'zod';
import { guestPathBelowRootSchema } from './guest-path.ts';
import { localPathSchema } from './local-path.ts';

/** Most patches of one sandbox. */
const maxPatches = 1024;
/** Longest text that a configuration holds: a script, the content of a patch. */
const maxTextCharacters = 1024 * 1024;

/** Text of a configuration. */
export const textSchema = z
  .string()
  .max(maxTextCharacters, `A text has at most ${String(maxTextCharacters)} characters.`);

/** Permission bits as people write them, in octal: `"0755"`. */
const modeSchema = z
  .string('A mode is text in quotes: "0755".')
  .regex(/^[0-7]{3,4}$/, 'A mode is three or four octal digits in quotes: "0755".')
  .overwrite((mode) => mode.padStart(4, '0'));

/** `USER` or `USER:GROUP` of the sandbox, by name or number. */
export const ownerSchema = z
  .string()
  .max(256, 'An owner has at most 256 characters.')
  .regex(/^[^:\s\0]+(?::[^:\s\0]+)?$/, 'An owner is USER or USER:GROUP, by name or number.');

const kind = <Kind extends string>(name: Kind) => z.literal(name).describe('What the patch does.');
const path = guestPathBelowRootSchema.describe('Absolute path in the sandbox.');
/** What is there already is replaced; without it that is an error. */
const replace = z
  .boolean()
  .default(false)
  .describe('What is there already is replaced; without it that is an error.');
const mode = modeSchema.optional().describe('Permission bits in octal, in quotes: "0755".');
const owner = ownerSchema
  .optional()
  .describe('USER or USER:GROUP of the sandbox, by name or number; root when unset.');
const content = textSchema.describe('The text.');
const source = localPathSchema.describe('Path on this machine.');

/** One patch. `mode` is 0644 for a text and the source's for a copied file unless it is given. */
export const patchSchema = z.discriminatedUnion(
  'kind',
  [
    /** A file with this content. */
    z
      .strictObject({ kind: kind('text'), path, content, mode, owner, replace })
      .describe('A file with this content.'),
    /** Text at the end of a file that is there; it keeps its mode and owner. */
    z
      .strictObject({ kind: kind('append'), path, content })
      .describe('Text at the end of a file that is there.'),
    /** A copy of a file of the host. */
    z
      .strictObject({
        kind: kind('file'),
        ...{ path, source, mode, owner, replace },
      })
      .describe('A copy of a file of this machine.'),
    /** A copy of a directory of the host with all that is in it. */
    z
      .strictObject({ kind: kind('dir'), path, source, owner, replace })
      .describe('A copy of a directory of this machine with all that is in it.'),
    /** A symbolic link; `target` is taken as it is. */
    z
      .strictObject({
        kind: kind('symlink'),
        path,
        target: z
          .string()
          .min(1, 'A link needs a target.')
          .max(4095, 'The target of a link has at most 4095 characters.')
          .regex(/^[^\0]*$/, 'The target of a link has no NUL character.')
          .describe('Where the link leads; taken as it is.'),
        replace,
      })
      .describe('A symbolic link.'),
    /** A directory with those above it; one that is there gets the mode and owner that are named. */
    z
      .strictObject({ kind: kind('mkdir'), path, mode, owner })
      .describe('A directory with those above it.'),
    /** A file, or a directory with all that is in it, goes; nothing there is no error. */
    z.strictObject({ kind: kind('remove'), path }).describe('A file or directory goes.'),
  ],
  'A patch has a kind: text, append, file, dir, symlink, mkdir or remove.',
);

/** See {@link patchSchema}. */
export type Patch = z.output<typeof patchSchema>;

/** Patches in the order in which they are applied. */
export const patchesSchema = z
  .array(patchSchema)
  .max(maxPatches, `A sandbox has at most ${String(maxPatches)} patches.`)
  .describe('Changes to the root, in this order, made once before anything of the sandbox runs.');
