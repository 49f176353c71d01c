import { z } from 'zod';
import { missing } from './config/issue-words.ts';
import { withOtherProblems } from './config/every-problem.ts';
import { guestPathSchema } from './config/guest-path.ts';
import { isLocalPath, localPathSchema } from './config/local-path.ts';
import { networkSchema } from './config/network.ts';
import { ownerSchema, patchesSchema } from './config/patch.ts';
import { recordOf } from './config/record.ts';
import { rootOptionsSchema } from './config/root-options.ts';
import { scriptsSchema } from './config/scripts.ts';
import { checkTexts } from './config/text-checks.ts';
import { volumesSchema } from './config/volume.ts';
import { parseImageReference } from './image-reference.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

/** Limits and defaults that forms, CLI and engine share. Sizes are in MiB. */
export const sandboxLimits = {
  cpus: { min: 1, max: 64, default: 1 },
  memoryMiB: { min: 128, max: 1024 * 1024, default: 512 },
  rootDiskMiB: { min: 64, max: 4 * 1024 * 1024, default: 8 * 1024 },
  suspendAfterIdleMinutes: { min: 1, max: 60 * 24 * 30 },
} as const;

const wholeNumber = (name: string, limits: { min: number; max: number }) => {
  const range = `${name} must be a whole number from ${String(limits.min)} to ${String(limits.max)}.`;
  return z.int(range).min(limits.min, range).max(limits.max, range);
};

/** An environment variable's name, POSIX.1-2017 section 8.1 and what shells accept besides. */
const environmentNameSchema = z
  .string()
  .max(4096, 'The name of an environment variable has at most 4096 characters.')
  .regex(/^[^=\0]+$/, 'The name of an environment variable is not empty and has no "=".');

const environmentValueSchema = z
  .string()
  .max(128 * 1024, 'The value of an environment variable has at most 131072 characters.')
  .regex(/^[^\0]*$/, 'The value of an environment variable has no NUL character.');

/** An OCI image reference as Docker reads it, or a path of the host: a directory or a disk image. */
const rootSourceSchema = z
  .string(missing('A sandbox needs an image: a reference, a directory or a disk image.'))
  .superRefine((text, context) => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message });
    };
    if (isLocalPath(text)) {
      for (const { message } of localPathSchema.safeParse(text).error?.issues ?? []) fail(message);
      return;
    }
    const result = parseImageReference(text);
    if (!result.ok) fail(result.problem);
  });

/** RFC 1123 section 2.1: labels of letters, digits and hyphens; Linux takes 64 characters. */
const hostnameSchema = z
  .string()
  .max(64, 'A host name has at most 64 characters.')
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
    'A host name has letters, digits, "-" and ".", and begins and ends with a letter or digit.',
  );

const argumentsSchema = z
  .array(
    z
      .string()
      .max(128 * 1024, 'An argument has at most 131072 characters.')
      .regex(/^[^\0]*$/, 'An argument has no NUL character.'),
  )
  .max(1024, 'A command has at most 1024 arguments.');

const labelsSchema = recordOf(
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/,
      'The key of a label has letters, digits, ".", "_", "/" and "-", at most 128.',
    ),
  z
    .string()
    .max(1024, 'The value of a label has at most 1024 characters.')
    .regex(/^[^\0]*$/, 'The value of a label has no NUL character.'),
).refine((labels) => Object.keys(labels).length <= 64, {
  message: 'A sandbox has at most 64 labels.',
});

/** When an image is fetched: at every creation, where it is not in the store, or not at all. */
const pullPolicySchema = z.enum(
  ['always', 'if-missing', 'never'],
  'A pull policy is "always", "if-missing" or "never".',
);

/** Every field of a configuration by itself; what they must agree on comes with the schema. */
export const sandboxConfigFields = {
  name: sandboxNameSchema.describe('Name of the sandbox.'),
  /** Where `/` comes from; see {@link rootSourceSchema}. */
  image: rootSourceSchema.describe(
    'An OCI image reference, or a path of this machine: a directory or a disk image.',
  ),
  /** How a root that is not an OCI image is used. */
  root: rootOptionsSchema,
  /** Number of virtual CPUs. */
  cpus: wholeNumber('CPUs', sandboxLimits.cpus)
    .default(sandboxLimits.cpus.default)
    .describe('Number of virtual CPUs.'),
  /** Guest memory. */
  memoryMiB: wholeNumber('Memory in MiB', sandboxLimits.memoryMiB)
    .default(sandboxLimits.memoryMiB.default)
    .describe('Memory in MiB.'),
  /** Size of the writable disk; it is sparse, so unused space costs nothing. */
  rootDiskMiB: wholeNumber('The root disk in MiB', sandboxLimits.rootDiskMiB)
    .default(sandboxLimits.rootDiskMiB.default)
    .describe('Size of the writable disk in MiB; space that is not used costs nothing.'),
  /** Working directory for commands; the image's when unset. */
  workdir: guestPathSchema
    .optional()
    .describe('Directory that commands start in; the one of the image when unset.'),
  /** The shell that `shell()` runs. */
  shell: guestPathSchema.default('/bin/sh').describe('The shell that a terminal opens.'),
  /** Who commands run as: `USER` or `USER:GROUP` of the sandbox; the image's when unset. */
  user: ownerSchema
    .optional()
    .describe('Who commands run as, USER or USER:GROUP; the one of the image when unset.'),
  /** Host name of the guest; made of the sandbox's name when unset. */
  hostname: hostnameSchema.optional().describe('Host name; made of the name when unset.'),
  /** What runs by default, as an image has it; the image's `cmd` goes with its `entrypoint`. */
  entrypoint: argumentsSchema
    .optional()
    .describe('What runs by default, before cmd; that of the image when unset.'),
  /** See `entrypoint`. */
  cmd: argumentsSchema
    .optional()
    .describe('Arguments of the entrypoint, or the command itself; that of the image when unset.'),
  /** Environment of every command; wins over the image's, key by key. */
  env: recordOf(environmentNameSchema, environmentValueSchema)
    .refine((env) => Object.keys(env).length <= 2048, {
      message: 'An environment has at most 2048 variables.',
    })
    .default({})
    .describe('Environment of every command; it wins over that of the image, name by name.'),
  volumes: volumesSchema.default({}),
  network: networkSchema,
  scripts: scriptsSchema.default({}),
  patches: patchesSchema.default([]),
  labels: labelsSchema.default({}).describe('Words to find the sandbox by.'),
  pullPolicy: pullPolicySchema.default('if-missing').describe('When the image is fetched.'),
  /** Minutes without anyone at it and with nothing to do, after which it is suspended to disk. */
  suspendAfterIdleMinutes: wholeNumber(
    'The idle time in minutes',
    sandboxLimits.suspendAfterIdleMinutes,
  )
    .optional()
    .describe('Idle minutes after which the sandbox is suspended to disk; never when unset.'),
};

/** What an image's reference and the options of other roots must agree on. */
const checkAgreement = z.superRefine<{ image: unknown; root: unknown }>(
  ({ image, root }, context) => {
    if (typeof image !== 'string' || isLocalPath(image)) return;
    if (!parseImageReference(image).ok || typeof root !== 'object' || root === null) return;
    for (const option of Object.keys(root)) {
      context.addIssue({
        code: 'custom',
        path: ['root', option],
        message: `"${option}" is for a directory or a disk image; "${image}" is an OCI image.`,
      });
    }
  },
  withOtherProblems,
);

/** Everything that says what a sandbox is. Unset fields take the defaults. */
export const sandboxConfigSchema = z
  .strictObject(sandboxConfigFields)
  .check(checkAgreement, checkTexts);

/** What a client writes: defaults may be left out. */
export type SandboxConfigInput = z.input<typeof sandboxConfigSchema>;
/** What the engine works with: every default filled in. */
export type SandboxConfig = z.output<typeof sandboxConfigSchema>;

/** A configuration to make a sandbox of, and what becomes of another one of its name. */
export const createRequestSchema = z
  .strictObject({
    ...sandboxConfigFields,
    /** Takes the place of the sandbox of this name, which is stopped and removed. */
    replace: z.boolean().default(false),
  })
  .check(checkAgreement, checkTexts);

/** See {@link createRequestSchema}. */
export type CreateRequest = z.input<typeof createRequestSchema>;
