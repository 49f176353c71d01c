import { describe, expect, it, vi } from 'vitest';
import type { LogEvent, LogLine } from '../../../main/contract/logs.ts';
import { aLogLine } from '../../testing/live-builders.ts';
import { createLogStore, followLog, loadEarlier, pageLines, type LogClient } from './log-store.ts';

const question = { name: 'box' };
const line = (sequence: number) => aLogLine({ sequence });
const numbers = (store: ReturnType<typeof createLogStore>) =>
  store.getState().window.lines.map(({ sequence }) => sequence);

const latest = (lines: LogLine[], hasEarlier = false): LogEvent => ({
  ...{ type: 'latest', lines, hasEarlier, oldestSequence: 1 },
});
const more = (...lines: LogLine[]): LogEvent => ({ type: 'lines', lines });

/** A host whose `read` and `follow` answer with these. */
function aClient(pages: { lines: LogLine[]; hasEarlier: boolean }[], events: LogEvent[]) {
  return {
    read: vi.fn(() => Promise.resolve({ oldestSequence: 0, ...pages.shift() })),
    follow: vi.fn(() => Promise.resolve(inTurn(events))),
  } as unknown as LogClient;
}

async function* inTurn(events: LogEvent[]) {
  for (const event of events) yield await Promise.resolve(event);
}

const atOnce = (work: () => void) => {
  work();
};

describe('followLog', () => {
  it('has the latest lines, then what comes, each line once', async () => {
    const store = createLogStore();
    const client = aClient([], [latest([line(3), line(4)], true), more(line(4), line(5))]);
    await followLog(client, question, store, new AbortController().signal, atOnce);
    expect(numbers(store)).toEqual([3, 4, 5]);
    expect(store.getState()).toMatchObject({ isLoaded: true, error: undefined });
    expect(store.getState().window.hasEarlier).toBe(true);
    expect(client.follow).toHaveBeenCalledWith({ name: 'box', tail: pageLines }, expect.anything());
  });

  it('draws what came in one frame at once', async () => {
    const store = createLogStore();
    const frames: (() => void)[] = [];
    const client = aClient([], [latest([]), more(line(1)), more(line(2))]);
    await followLog(client, question, store, new AbortController().signal, (work) => {
      frames.push(work);
    });
    expect(numbers(store)).toEqual([]);
    expect(frames).toHaveLength(1);
    frames[0]?.();
    expect(numbers(store)).toEqual([1, 2]);
  });

  it('loses what is cleared or removed, also of what waits for its frame', async () => {
    const store = createLogStore();
    const said = (sequence: number) => aLogLine({ sequence, commandId: 'x' });
    const client = aClient(
      [],
      [
        latest([line(1)]),
        more(line(2)),
        { type: 'cleared', oldestSequence: 3 },
        more(line(3), said(4)),
        { type: 'removed', commandId: 'x' },
      ],
    );
    await followLog(client, question, store, new AbortController().signal, () => undefined);
    expect(numbers(store)).toEqual([3]);
  });

  it('keeps why it failed', async () => {
    const store = createLogStore();
    const client = { ...aClient([], []), follow: () => Promise.reject(new Error('no log')) };
    const signal = new AbortController().signal;
    await followLog(client, question, store, signal, atOnce);
    expect(store.getState().error?.message).toBe('no log');
  });
});

describe('loadEarlier', () => {
  it('asks for the lines before the first, until there are none', async () => {
    const store = createLogStore();
    store.setState({ window: { lines: [line(5)], hasEarlier: true } });
    const client = aClient([{ lines: [line(3), line(4)], hasEarlier: false }], []);
    await Promise.all([loadEarlier(client, question, store), loadEarlier(client, question, store)]);
    expect(numbers(store)).toEqual([3, 4, 5]);
    await loadEarlier(client, question, store);
    expect(client.read).toHaveBeenCalledTimes(1);
    expect(client.read).toHaveBeenCalledWith({ name: 'box', beforeSequence: 5, limit: pageLines });
  });

  it('leaves a window that began anew meanwhile', async () => {
    const store = createLogStore();
    store.setState({ window: { lines: [line(5)], hasEarlier: true } });
    const client = aClient([{ lines: [line(4)], hasEarlier: false }], []);
    const loading = loadEarlier(client, question, store);
    store.setState({ window: { lines: [line(50)], hasEarlier: true } });
    await loading;
    expect(numbers(store)).toEqual([50]);
  });
});
