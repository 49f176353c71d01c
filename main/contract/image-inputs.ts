/** What the procedures of images take. */
import { z } from 'zod';
import { localPathSchema } from './config/local-path.ts';
import { recordOf } from './config/record.ts';
import { imageReferenceSchema } from './image-reference.ts';
import { archiveFormatSchema, imageProgramSchema } from './image-transfer.ts';
import { credentialSchema } from './registry.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

/** An argument of a program. */
const argument = (maxCharacters: number): z.ZodString =>
  z
    .string()
    .max(maxCharacters)
    .regex(/^[^\0]*$/, 'It has a NUL in it.');

const byReference = z.strictObject({ reference: imageReferenceSchema });

/** See the head of this file. */
export const imageInputs = {
  byReference,
  /** The credential is used once and kept nowhere. */
  pull: byReference.extend({ credential: credentialSchema.optional() }),
  /** `as`: the name in the registry, where it is another one. */
  push: byReference.extend({
    as: imageReferenceSchema.optional(),
    credential: credentialSchema.optional(),
  }),
  search: z.strictObject({ text: z.string().max(512) }),
  tag: byReference.extend({ as: imageReferenceSchema }),
  remove: byReference.extend({ force: z.boolean().default(false) }),
  prune: z.strictObject({
    /** Also images that no sandbox uses. */
    all: z.boolean().default(false),
    isPreview: z.boolean().default(true),
  }),
  setLimit: z.strictObject({ limitBytes: z.int().positive().optional() }),
  check: z.strictObject({ mend: z.boolean().default(false) }),
  /** An archive of either format, compressed or not, or the directory of an OCI layout. */
  import: z.strictObject({
    path: localPathSchema,
    /** For an image without a name; else the names are the archive's. */
    as: imageReferenceSchema.optional(),
  }),
  importFrom: z.strictObject({
    program: imageProgramSchema,
    reference: argument(512).min(1),
  }),
  export: z.strictObject({
    references: z.array(imageReferenceSchema).min(1).max(64),
    path: localPathSchema,
    format: archiveFormatSchema.default('oci'),
    /** Takes the place of a file that is there. */
    replace: z.boolean().default(false),
  }),
  commit: z.strictObject({
    sandbox: sandboxNameSchema,
    reference: imageReferenceSchema,
    message: z.string().max(1000).optional(),
    author: z.string().max(200).optional(),
  }),
  build: z.strictObject({
    context: localPathSchema,
    /** From the context on, or absolute; its `Containerfile` or else `Dockerfile` where unset. */
    file: argument(4096).min(1).optional(),
    tag: imageReferenceSchema,
    target: argument(256).min(1).optional(),
    /** They are arguments of the program, which others on this machine can see: no place for secrets. */
    buildArgs: recordOf(
      argument(256).regex(/^[^=]+$/, 'The name of a build argument has no "=".'),
      argument(65_536),
    ).default({}),
    noCache: z.boolean().default(false),
    /** The first that is there where unset. */
    program: imageProgramSchema.optional(),
  }),
} as const;
