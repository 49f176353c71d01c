import { describe, expect, it } from 'vitest';
import type { SkerryClient } from '../../bridge/connection.ts';
import { rememberTerminals, restoreTerminals } from './remembered-terminals.ts';
import { createTerminalStore, openTerminal, updateTerminal } from './terminal-store.ts';

function aStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
  } as unknown as Storage;
}

const clientWith = (sessions: Record<string, { id: string; exit?: unknown }[]>) =>
  ({
    sandboxes: {
      sessions: ({ name }: { name: string }) =>
        sessions[name] === undefined
          ? Promise.reject(new Error('There is no such sandbox.'))
          : Promise.resolve(sessions[name]),
    },
  }) as unknown as SkerryClient;

describe('terminals over a reload', () => {
  it('come back where their session still runs', async () => {
    const storage = aStorage();
    const before = createTerminalStore();
    rememberTerminals(storage, before);
    for (const [sandbox, sessionId] of [
      ['a', 'runs'],
      ['a', 'has-ended'],
      ['b', 'removed'],
    ] as const) {
      const id = openTerminal({ sandbox, shell: '/bin/ash' }, true, before);
      updateTerminal(id, { sessionId, phase: { kind: 'open' } }, before);
    }
    const closed = openTerminal({ sandbox: 'a', shell: '/bin/sh' }, true, before);
    updateTerminal(
      closed,
      { sessionId: 'gone', phase: { kind: 'exited', status: { kind: 'exited', code: 0 } } },
      before,
    );
    before.setState({ heightPx: 411 });

    const after = createTerminalStore();
    const exit = { kind: 'exited', code: 0 };
    await restoreTerminals(
      clientWith({ a: [{ id: 'runs' }, { id: 'gone' }, { id: 'has-ended', exit }] }),
      storage,
      after,
    );
    const { tabs, heightPx, focusRequests } = after.getState();
    expect(tabs.map(({ title, sessionId }) => [title, sessionId])).toEqual([['a: ash', 'runs']]);
    expect(heightPx).toBe(411);
    expect(focusRequests).toBe(0);
  });

  it.each(['', 'null', '{"terminals":7}', '{'])('are none with %j in the storage', async (text) => {
    const storage = aStorage();
    storage.setItem('skerry.terminals', text);
    const store = createTerminalStore();
    await restoreTerminals(clientWith({}), storage, store);
    expect(store.getState().tabs).toEqual([]);
  });
});
