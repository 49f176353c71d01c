/** What it takes for a changed configuration to apply. Pure. */
import type { SandboxConfig } from '../sandbox-config.ts';
import { z } from 'zod';

/** `now`: at once, or with the next command. `next-start`: when it is started again. `new-sandbox`: never to this one. */
export const changeEffectSchema = z.enum(['now', 'next-start', 'new-sandbox']);

/** See {@link changeEffectSchema}. */
export type ChangeEffect = z.infer<typeof changeEffectSchema>;

/** One field that differs. */
export const configChangeSchema = z.object({
  /** Of the configuration: `memoryMiB`. */
  field: z.string(),
  effect: changeEffectSchema,
  /** Why, where that is not plain. */
  reason: z.string().optional(),
});

/** See {@link configChangeSchema}. */
export type ConfigChange = z.infer<typeof configChangeSchema>;

/** When a change of each field applies. */
export const changeEffects: Readonly<Record<keyof SandboxConfig, ChangeEffect>> = {
  name: 'new-sandbox',
  image: 'new-sandbox',
  root: 'new-sandbox',
  patches: 'new-sandbox',
  cpus: 'next-start',
  memoryMiB: 'next-start',
  rootDiskMiB: 'next-start',
  hostname: 'next-start',
  volumes: 'next-start',
  scripts: 'next-start',
  // What every command is given anew.
  workdir: 'now',
  shell: 'now',
  user: 'now',
  entrypoint: 'now',
  cmd: 'now',
  env: 'now',
  labels: 'now',
  // The gateway takes it over while it runs.
  network: 'now',
  pullPolicy: 'now',
  suspendAfterIdleMinutes: 'now',
};

const reasons: Readonly<Partial<Record<keyof SandboxConfig, string>>> = {
  name: 'A sandbox keeps its name; duplicate it under another one.',
  image: 'The root was made of the earlier image.',
  root: 'The root was chosen when the sandbox was made.',
  patches: 'Patches are applied once, when a sandbox is made.',
};

/** The fields that differ, each with when its change applies. */
export function classifyChanges(before: SandboxConfig, after: SandboxConfig): ConfigChange[] {
  const fields = Object.keys(changeEffects) as (keyof SandboxConfig)[];
  return fields
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => {
      if (field === 'rootDiskMiB' && after.rootDiskMiB < before.rootDiskMiB) {
        return { field, effect: 'new-sandbox', reason: 'A disk can grow and not shrink.' };
      }
      const reason = reasons[field];
      return { field, effect: changeEffects[field], ...(reason === undefined ? {} : { reason }) };
    });
}

/** Plain data; the order of keys means nothing, but for lists. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  const others = b as Readonly<Record<string, unknown>>;
  return (
    entries.length === Object.keys(others).length &&
    entries.every(([key, value]) => Object.hasOwn(others, key) && isSame(value, others[key]))
  );
}
