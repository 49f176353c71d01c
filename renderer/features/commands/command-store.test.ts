import { describe, expect, it } from 'vitest';
import { keptCommandRuns } from '../../../main/contract/commands.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { aCommandRun } from '../../testing/live-builders.ts';
import { createCommandStore, followCommands, mergeRuns } from './command-store.ts';

const at = (id: string, startedAtMs: number, endedAtMs?: number) =>
  aCommandRun({ id, startedAtMs, ...(endedAtMs === undefined ? {} : { endedAtMs }) });
const ids = (runs: readonly { readonly id: string }[]) => runs.map(({ id }) => id);

describe('mergeRuns', () => {
  it('puts the latest first, and what has changed in its place', () => {
    const runs = mergeRuns([at('b', 2), at('a', 1)], [at('c', 3), at('a', 1, 9)]);
    expect(ids(runs)).toEqual(['c', 'b', 'a']);
    expect(runs[2]?.endedAtMs).toBe(9);
  });

  it('lets the oldest that has ended make way, and none that runs', () => {
    const many = Array.from({ length: keptCommandRuns }, (_, index) =>
      at(`run-${String(index)}`, index, index === 0 ? undefined : index),
    );
    const runs = mergeRuns(many, [at('new', 1_000)]);
    expect(runs).toHaveLength(keptCommandRuns);
    expect(ids(runs)).toContain('run-0');
    expect(ids(runs)).not.toContain('run-1');
  });
});

describe('followCommands', () => {
  it('begins anew with what the host has, then takes over changes', async () => {
    const store = createCommandStore();
    store.setState({ runs: [at('gone', 9)] });
    async function* batches() {
      yield await Promise.resolve([at('a', 1)]);
      yield [at('b', 2)];
    }
    const watch = (() =>
      Promise.resolve(batches())) as unknown as SkerryClient['commands']['watch'];
    await followCommands({ watch }, 'box', store, new AbortController().signal);
    expect(ids(store.getState().runs)).toEqual(['b', 'a']);
    expect(store.getState().isLoaded).toBe(true);
  });
});
