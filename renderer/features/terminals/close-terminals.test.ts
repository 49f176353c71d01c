import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SkerryClient } from '../../bridge/connection.ts';
import { requestClose } from './close-terminals.ts';
import { questionStore } from './panel-questions.ts';
import {
  createTerminalStore,
  openTerminal,
  updateTerminal,
  type TerminalStore,
} from './terminal-store.ts';

let store: TerminalStore;
let closed: string[];
beforeEach(() => {
  store = createTerminalStore();
  closed = [];
  questionStore.setState({ close: undefined });
});

function aClient(activity: (id: string) => Promise<{ foreground?: string }>) {
  return {
    sessions: {
      activity: ({ id }: { id: string }) => activity(id),
      close: ({ id }: { id: string }) => {
        closed.push(id);
        return Promise.resolve();
      },
    },
  } as unknown as SkerryClient;
}

function aTerminal(sessionId: string): string {
  const id = openTerminal({ sandbox: 'web-api', shell: '/bin/sh' }, true, store);
  updateTerminal(id, { sessionId, phase: { kind: 'open' } }, store);
  return id;
}

describe('requestClose', () => {
  it('closes at once where nothing but the shell runs', async () => {
    const ids = [aTerminal('one'), aTerminal('two')];
    await requestClose(
      aClient(() => Promise.resolve({})),
      ids,
      store,
    );
    expect(closed).toEqual(['one', 'two']);
    expect(store.getState().tabs).toEqual([]);
  });

  it('asks where a program would end, and names it', async () => {
    const ids = [aTerminal('one'), aTerminal('two')];
    const client = aClient((id) =>
      Promise.resolve(id === 'two' ? { foreground: 'vim\u0007' } : {}),
    );
    await requestClose(client, ids, store);
    expect(closed).toEqual([]);
    expect(store.getState().tabs).toHaveLength(2);
    expect(questionStore.getState().close).toEqual({
      terminalIds: ids,
      programs: [{ name: 'vim', sandbox: 'web-api' }],
    });
  });

  it('waits no longer than a moment for a guest that does not answer', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const id = aTerminal('one');
    await requestClose(
      aClient(() => new Promise(() => undefined)),
      [id],
      store,
    );
    expect(closed).toEqual(['one']);
    timeout.mockRestore();
  });

  it('does not ask about what has ended', async () => {
    const id = aTerminal('one');
    const phase = { kind: 'exited', status: { kind: 'exited', code: 0 } } as const;
    updateTerminal(id, { phase }, store);
    await requestClose(
      aClient(() => Promise.resolve({ foreground: 'vim' })),
      [id],
      store,
    );
    expect(closed).toEqual(['one']);
  });
});
