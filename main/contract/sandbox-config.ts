import { z } from 'zod';
import { imageReferenceSchema } from './image-reference.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

/** Limits and defaults that forms, CLI and engine share. Sizes are in MiB. */
export const sandboxLimits = {
  cpus: { min: 1, max: 64, default: 1 },
  memoryMiB: { min: 128, max: 1024 * 1024, default: 512 },
  rootDiskMiB: { min: 64, max: 4 * 1024 * 1024, default: 8 * 1024 },
} as const;

const wholeNumber = (name: string, limits: { min: number; max: number }) => {
  const range = `${name} must be a whole number from ${String(limits.min)} to ${String(limits.max)}.`;
  return z.int(range).min(limits.min, range).max(limits.max, range);
};

const absolutePathSchema = z
  .string()
  .max(4096, 'A path has at most 4096 characters.')
  .regex(/^\/[^\0]*$/, 'A path in the sandbox is absolute: it starts with "/".');

/** An environment variable's name, POSIX.1-2017 section 8.1 and what shells accept besides. */
const environmentNameSchema = z
  .string()
  .regex(/^[^=\0]+$/, 'The name of an environment variable is not empty and has no "=".');

const environmentValueSchema = z
  .string()
  .max(128 * 1024, 'The value of an environment variable has at most 131072 characters.')
  .regex(/^[^\0]*$/, 'The value of an environment variable has no NUL character.');

/** Everything that says what a sandbox is. Unset fields take the defaults. */
export const sandboxConfigSchema = z.strictObject({
  name: sandboxNameSchema,
  /** OCI image reference, as Docker reads it. */
  image: imageReferenceSchema,
  /** Number of virtual CPUs. */
  cpus: wholeNumber('CPUs', sandboxLimits.cpus).default(sandboxLimits.cpus.default),
  /** Guest memory. */
  memoryMiB: wholeNumber('Memory in MiB', sandboxLimits.memoryMiB).default(
    sandboxLimits.memoryMiB.default,
  ),
  /** Size of the writable disk; it is sparse, so unused space costs nothing. */
  rootDiskMiB: wholeNumber('The root disk in MiB', sandboxLimits.rootDiskMiB).default(
    sandboxLimits.rootDiskMiB.default,
  ),
  /** Working directory for commands; the image's when unset. */
  workdir: absolutePathSchema.optional(),
  /** The shell that `shell()` runs. */
  shell: absolutePathSchema.default('/bin/sh'),
  /** Environment of every command; wins over the image's, key by key. */
  env: z.record(environmentNameSchema, environmentValueSchema).default({}),
});

/** What a client writes: defaults may be left out. */
export type SandboxConfigInput = z.input<typeof sandboxConfigSchema>;
/** What the engine works with: every default filled in. */
export type SandboxConfig = z.output<typeof sandboxConfigSchema>;
