import { describe, expect, it } from 'vitest';
import { renameTab, resizeSplit, withSplit } from './model/panel-model.ts';
import { newTerminal } from './model/terminal.ts';
import { rememberTerminals, restoreTerminals } from './remembered-terminals.ts';
import {
  arrangePanel,
  createTerminalStore,
  openTerminal,
  updateTerminal,
} from './terminal-store.ts';

function aStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
  } as unknown as Storage;
}

/** Two tabs, the first with two terminals of which one has ended. */
function anArrangement(storage: Storage) {
  const store = createTerminalStore();
  rememberTerminals(storage, store);
  const first = openTerminal({ sandbox: 'a', shell: '/bin/ash' }, true, store);
  const second = newTerminal({ sandbox: 'b', shell: '/bin/sh' });
  arrangePanel((model) => withSplit(model, first, 'row', second), store);
  const third = openTerminal({ sandbox: 'c', shell: '/bin/sh' }, true, store);
  for (const id of [first, second.id, third]) {
    updateTerminal(id, { sessionId: `session of ${id}`, phase: { kind: 'open' } }, store);
  }
  updateTerminal(
    second.id,
    { phase: { kind: 'exited', status: { kind: 'exited', code: 3 } }, programTitle: 'make' },
    store,
  );
  return { store, first, second: second.id, third };
}

describe('terminals over a reload', () => {
  it('are where they were, those that have ended too, each with its session', () => {
    const storage = aStorage();
    const { store, first, second, third } = anArrangement(storage);
    const [split] = store.getState().tabs;
    if (split?.layout.kind !== 'split') throw new Error('The first tab is split.');
    const splitId = split.layout.id;
    arrangePanel((model) => resizeSplit(model, splitId, [30, 70]), store);
    arrangePanel((model) => renameTab(model, split.id, 'builds'), store);
    store.setState({ heightPx: 411, isMaximised: true });

    const after = createTerminalStore();
    restoreTerminals(storage, after);
    const state = after.getState();
    expect(state.tabs).toEqual(
      store.getState().tabs.map((tab) => ({ ...tab, isBroadcasting: false })),
    );
    expect(state).toMatchObject({ heightPx: 411, isMaximised: true, isOpen: true });
    expect(state.activeTabId).toBe(store.getState().activeTabId);
    expect(state.focusRequests).toBe(0);
    for (const id of [first, second, third]) {
      expect(state.terminals[id]).toMatchObject({
        sessionId: `session of ${id}`,
        phase: { kind: 'opening' },
      });
    }
    expect(state.terminals[second]?.programTitle).toBe('make');
  });

  it('say that they are gone where their shell had not begun', () => {
    const storage = aStorage();
    const store = createTerminalStore();
    rememberTerminals(storage, store);
    const id = openTerminal({ sandbox: 'a', shell: '/bin/sh' }, true, store);
    const after = createTerminalStore();
    restoreTerminals(storage, after);
    expect(after.getState().terminals[id]?.phase).toEqual({ kind: 'gone' });
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['another form', '{"terminals":7}'],
    ['half of it', '{'],
    ['what was kept before splits', '{"heightPx":300,"terminals":[]}'],
  ])('are none with %s in the storage', (_, text) => {
    const storage = aStorage();
    storage.setItem('skerry.terminals', text);
    const store = createTerminalStore();
    restoreTerminals(storage, store);
    expect(store.getState()).toMatchObject({ tabs: [], isOpen: false });
  });

  it('are no more than those that are sound: no terminal in two places, none unknown', () => {
    const storage = aStorage();
    const { third } = anArrangement(storage);
    const kept = JSON.parse(storage.getItem('skerry.terminals') ?? '') as {
      tabs: unknown[];
      activeTabId: string;
    };
    const leaf = { kind: 'leaf', terminalId: third };
    kept.tabs.push(
      { id: 'twice', layout: leaf, focusedId: third },
      { id: 'unknown', layout: { kind: 'leaf', terminalId: 'x' }, focusedId: 'x' },
    );
    kept.activeTabId = 'unknown';
    storage.setItem('skerry.terminals', JSON.stringify(kept));
    const after = createTerminalStore();
    restoreTerminals(storage, after);
    const { tabs, activeTabId } = after.getState();
    expect(tabs).toHaveLength(2);
    expect(activeTabId).toBe(tabs[0]?.id);
  });
});
