/** What a sandbox mounts besides its root. */
import { z } from 'zod';
import { withOtherProblems } from './every-problem.ts';
import { guestPathBelowRootSchema, normalizeGuestPath } from './guest-path.ts';
import { localPathSchema } from './local-path.ts';
import { recordOf } from './record.ts';

/** Most volumes of one sandbox. */
const maxVolumes = 64;

/** Limits of a tmpfs. */
const tmpfsLimits = { minMiB: 1, maxMiB: 1024 * 1024, defaultMiB: 64 } as const;

/** A named volume's name: letters, digits, `.`, `_` and `-`, starting with a letter or digit. */
export const volumeNameSchema = z
  .string()
  .min(1, 'A volume needs a name.')
  .max(64, 'The name of a volume has at most 64 characters.')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'The name of a volume has letters, digits, ".", "_" and "-", and starts with a letter or digit.',
  );

/** `ro` for reading alone, `rw` for writing as well. */
const accessSchema = z.enum(['ro', 'rw'], 'Access is "ro" or "rw".');

const tmpfsRange = `The size of a tmpfs in MiB must be a whole number from ${String(tmpfsLimits.minMiB)} to ${String(tmpfsLimits.maxMiB)}.`;

const tmpfsSchema = z.strictObject({
  sizeMiB: z
    .int(tmpfsRange)
    .min(tmpfsLimits.minMiB, tmpfsRange)
    .max(tmpfsLimits.maxMiB, tmpfsRange)
    .default(tmpfsLimits.defaultMiB)
    .describe('Most that it holds, in MiB.'),
});

/**
 * One volume, by exactly one of:
 * `bind`, a directory or file of the host, which is read-only unless `access` says otherwise;
 * `named`, a directory that Skerry keeps and that outlives the sandbox, made on first use, writable;
 * `tmpfs`, memory that is empty at each start.
 */
export const volumeSchema = z
  .strictObject({
    bind: localPathSchema.optional().describe('A directory or file of this machine.'),
    named: volumeNameSchema
      .optional()
      .describe('A directory that Skerry keeps and that outlives the sandbox; made on first use.'),
    tmpfs: tmpfsSchema.optional().describe('Memory that is empty at each start.'),
    access: accessSchema
      .optional()
      .describe('Reading alone, as of a bind, or writing as well, as of a named volume.'),
  })
  .superRefine((volume, context) => {
    const kinds = [volume.bind, volume.named, volume.tmpfs].filter((kind) => kind !== undefined);
    if (kinds.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'A volume has exactly one of "bind", "named" and "tmpfs".',
      });
    }
    if (volume.tmpfs !== undefined && volume.access !== undefined) {
      context.addIssue({ code: 'custom', path: ['access'], message: 'A tmpfs has no access.' });
    }
  }, withOtherProblems)
  .overwrite((volume) => {
    if (volume.tmpfs !== undefined || volume.access !== undefined) return volume;
    return { ...volume, access: volume.bind === undefined ? 'rw' : 'ro' };
  })
  .meta({
    // What the check above says, for editors.
    oneOf: [
      { required: ['bind'] },
      { required: ['named'] },
      { required: ['tmpfs'], properties: { access: false } },
    ],
  });

/** See {@link volumeSchema}. */
export type Volume = z.output<typeof volumeSchema>;

/**
 * Volumes by the path where the sandbox sees them. Sorted, so that a volume inside another one is
 * mounted after it.
 */
export const volumesSchema = recordOf(z.string().meta({ pattern: '^/' }), volumeSchema)
  .superRefine((volumes, context) => {
    const targets = Object.keys(volumes);
    if (targets.length > maxVolumes) {
      const message = `A sandbox has at most ${String(maxVolumes)} volumes.`;
      context.addIssue({ code: 'custom', message });
    }
    const seen = new Set<string>();
    for (const target of targets) {
      const checked = guestPathBelowRootSchema.safeParse(target);
      for (const { message } of checked.error?.issues ?? []) {
        context.addIssue({ code: 'custom', path: [target], message });
      }
      const path = normalizeGuestPath(target);
      if (seen.has(path)) {
        const message = `Two volumes are mounted at "${path}".`;
        context.addIssue({ code: 'custom', path: [target], message });
      }
      seen.add(path);
    }
  }, withOtherProblems)
  .overwrite((volumes) =>
    Object.fromEntries(
      Object.entries(volumes)
        .map(([target, volume]) => [normalizeGuestPath(target), volume] as const)
        .sort(([a], [b]) => comparePaths(a, b)),
    ),
  )
  .describe('What is mounted besides the root, by the path in the sandbox.');

/** By components, so that a directory comes before everything in it. */
function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part !== other) return part < other ? -1 : 1;
  }
  return left.length - right.length;
}
