import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sandboxConfigFields, sandboxConfigSchema, type SandboxConfig } from '../sandbox-config.ts';
import { arbitraryConfig } from '../testing/arbitrary-config.ts';
import { classifyChanges } from './config-changes.ts';

const base = sandboxConfigSchema.parse({ name: 'web', image: 'alpine' });

describe('classifyChanges', () => {
  it('finds nothing between a configuration and its copy', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        expect(classifyChanges(config, structuredClone(config))).toEqual([]);
      }),
    );
  });

  it('names every field that differs, and no other', () => {
    const fields = Object.keys(sandboxConfigFields) as (keyof SandboxConfig)[];
    fc.assert(
      fc.property(arbitraryConfig, arbitraryConfig, fc.subarray(fields), (before, other, some) => {
        const taken = Object.fromEntries(some.map((field) => [field, other[field]]));
        const after = { ...before, ...taken };
        const differing = fields.filter(
          (field) => canonical(before[field]) !== canonical(after[field]),
        );
        const named = classifyChanges(before, after).map(({ field }) => field);
        expect(named.sort()).toEqual(differing.sort());
      }),
    );
  });

  it('takes the order of names for nothing, and that of lists for something', () => {
    const env = { A: '1', B: '2' };
    const turned = { B: '2', A: '1' };
    expect(classifyChanges({ ...base, env }, { ...base, env: turned })).toEqual([]);
    const changes = classifyChanges({ ...base, cmd: ['a', 'b'] }, { ...base, cmd: ['b', 'a'] });
    expect(changes).toEqual([{ field: 'cmd', effect: 'now' }]);
  });

  it.each([
    [{ env: { A: '1' } }, 'now'],
    [{ shell: '/bin/bash' }, 'now'],
    [{ labels: { a: 'b' } }, 'now'],
    [{ cpus: 2 }, 'next-start'],
    [{ rootDiskMiB: 16_384 }, 'next-start'],
    [{ volumes: { '/a': { named: 'a', access: 'rw' as const } } }, 'next-start'],
    [{ rootDiskMiB: 1024 }, 'new-sandbox'],
    [{ image: 'debian' }, 'new-sandbox'],
    [{ patches: [{ kind: 'remove' as const, path: '/a' }] }, 'new-sandbox'],
  ])('says of %j: %s', (change, effect) => {
    const [only, ...others] = classifyChanges(base, { ...base, ...change });
    expect(only).toMatchObject({ field: Object.keys(change)[0], effect });
    expect(others).toEqual([]);
    // Who is refused is told why.
    expect(only?.reason !== undefined).toBe(effect === 'new-sandbox');
  });
});

/** Text that is the same for values that are, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
