import { describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../../main/contract/logs.ts';
import { aLogLine } from '../../testing/live-builders.ts';
import { createLogStore, followLog, loadEarlier, pageLines, type LogClient } from './log-store.ts';

const question = { name: 'box' };
const line = (sequence: number) => aLogLine({ sequence });
const numbers = (store: ReturnType<typeof createLogStore>) =>
  store.getState().window.lines.map(({ sequence }) => sequence);

/** A host whose `read` and `follow` answer with these. */
function aClient(pages: { lines: LogLine[]; hasEarlier: boolean }[], batches: LogLine[][]) {
  return {
    read: vi.fn(() => Promise.resolve({ oldestSequence: 0, ...(pages.shift() ?? none) })),
    follow: vi.fn(() => Promise.resolve(inTurn(batches))),
  } as unknown as LogClient;
}
const none = { lines: [], hasEarlier: false };

async function* inTurn(batches: LogLine[][]) {
  for (const batch of batches) yield await Promise.resolve(batch);
}

const atOnce = (work: () => void) => {
  work();
};

describe('followLog', () => {
  it('has the page, then what comes, each line once', async () => {
    const store = createLogStore();
    const client = aClient(
      [{ lines: [line(3), line(4)], hasEarlier: true }],
      [[line(3), line(4), line(5)], [line(6)]],
    );
    await followLog(client, question, store, new AbortController().signal, atOnce);
    expect(numbers(store)).toEqual([3, 4, 5, 6]);
    expect(store.getState()).toMatchObject({ isLoaded: true, error: undefined });
    expect(store.getState().window.hasEarlier).toBe(true);
  });

  it('begins anew where more came between than it asked for', async () => {
    const store = createLogStore();
    const flood = Array.from({ length: pageLines }, (_, index) => line(index + 100));
    const client = aClient([{ lines: [line(3)], hasEarlier: false }], [flood]);
    await followLog(client, question, store, new AbortController().signal, atOnce);
    expect(numbers(store)).toHaveLength(pageLines);
    expect(store.getState().window.hasEarlier).toBe(true);
  });

  it('draws what came in one frame at once', async () => {
    const store = createLogStore();
    const frames: (() => void)[] = [];
    const client = aClient([none], [[], [line(1)], [line(2)]]);
    await followLog(client, question, store, new AbortController().signal, (work) => {
      frames.push(work);
    });
    expect(numbers(store)).toEqual([]);
    expect(frames).toHaveLength(1);
    frames[0]?.();
    expect(numbers(store)).toEqual([1, 2]);
  });

  it('keeps why it failed', async () => {
    const store = createLogStore();
    const client = { ...aClient([], []), read: () => Promise.reject(new Error('no log')) };
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
