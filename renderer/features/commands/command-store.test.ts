import { describe, expect, it } from 'vitest';
import type { CommandEvent } from '../../../main/contract/commands.ts';
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
});

describe('followCommands', () => {
  it('begins anew with what the host has, then takes over what becomes of it', async () => {
    const store = createCommandStore();
    store.setState({ runs: [at('gone', 9)] });
    async function* events(): AsyncGenerator<CommandEvent> {
      yield await Promise.resolve({ type: 'all', runs: [at('a', 1)] });
      yield { type: 'changed', runs: [at('b', 2), at('c', 3)] };
      yield { type: 'removed', ids: ['a', 'c'] };
    }
    const watch = (() => Promise.resolve(events())) as unknown as SkerryClient['commands']['watch'];
    await followCommands({ watch }, 'box', store, new AbortController().signal);
    expect(ids(store.getState().runs)).toEqual(['b']);
    expect(store.getState().isLoaded).toBe(true);
  });
});
