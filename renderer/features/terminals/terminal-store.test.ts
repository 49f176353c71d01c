import { beforeEach, describe, expect, it } from 'vitest';
import { anError } from '../../testing/builders.ts';
import {
  createTerminalStore,
  openTerminal,
  reattachTerminals,
  removeTerminal,
  restartTerminal,
  showTerminal,
  togglePanel,
  updateTerminal,
  type TerminalStore,
} from './terminal-store.ts';

let store: TerminalStore;
beforeEach(() => {
  store = createTerminalStore();
});
const open = (sandbox: string) => openTerminal({ sandbox, shell: '/bin/ash' }, true, store);
const tab = (id: string) => store.getState().tabs.find((known) => known.id === id);

describe('openTerminal', () => {
  it('shows the new tab and asks for the focus', () => {
    const id = open('web-api');
    expect(store.getState()).toMatchObject({ activeId: id, isOpen: true, focusRequests: 1 });
    expect(tab(id)).toMatchObject({ title: 'web-api: ash', phase: { kind: 'opening' } });
  });

  it('leaves the focus alone where it was not asked for', () => {
    openTerminal({ sandbox: 'a', shell: '/bin/sh' }, false, store);
    expect(store.getState().focusRequests).toBe(0);
  });
});

describe('removeTerminal', () => {
  it('shows the neighbour of the tab that goes', () => {
    const [first, second, third] = [open('a'), open('b'), open('c')];
    showTerminal(second, store);
    removeTerminal(second, store);
    expect(store.getState().activeId).toBe(third);
    removeTerminal(third, store);
    expect(store.getState().activeId).toBe(first);
  });

  it('keeps what is shown when another tab goes', () => {
    const [first, second] = [open('a'), open('b')];
    removeTerminal(first, store);
    expect(store.getState().activeId).toBe(second);
  });

  it('closes the panel with the last one', () => {
    removeTerminal(open('a'), store);
    expect(store.getState()).toMatchObject({ isOpen: false, activeId: undefined });
  });
});

describe('another attempt', () => {
  it('is a new shell after a restart', () => {
    const id = open('a');
    updateTerminal(
      id,
      { sessionId: 's', phase: { kind: 'failed', error: anError('agent/disconnected') } },
      store,
    );
    restartTerminal(id, store);
    expect(tab(id)).toMatchObject({
      sessionId: undefined,
      attempt: 1,
      phase: { kind: 'opening' },
    });
  });

  it('is the same session after the host process came back, for those that lost it', () => {
    const [lost, ended] = [open('a'), open('b')];
    updateTerminal(lost, { sessionId: 's', phase: { kind: 'lost' } }, store);
    updateTerminal(
      ended,
      { phase: { kind: 'exited', status: { kind: 'exited', code: 0 } } },
      store,
    );
    reattachTerminals(store);
    expect(tab(lost)).toMatchObject({ sessionId: 's', attempt: 1, phase: { kind: 'opening' } });
    expect(tab(ended)).toMatchObject({ attempt: 0, phase: { kind: 'exited' } });
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
