import { expect, it, vi } from 'vitest';
import { aLogLine } from '../../testing/live-builders.ts';
import { collectLog } from './collect-log.ts';
import type { LogClient } from './log-store.ts';

function aClient() {
  const pages = [
    { lines: [aLogLine({ sequence: 3, text: 'three' })], hasEarlier: true },
    { lines: [aLogLine({ sequence: 2, text: 'two' })], hasEarlier: false },
  ];
  return { read: vi.fn(() => Promise.resolve(pages.shift())) } as unknown as LogClient;
}

it('reads from the end to the beginning, and says how far it is', async () => {
  const client = aClient();
  const progress: number[] = [];
  const text = await collectLog(client, { name: 'box' }, new AbortController().signal, (count) =>
    progress.push(count),
  );
  expect(text).toMatch(/two\n.*three\n$/);
  expect(progress).toEqual([1, 2]);
  expect(client.read).toHaveBeenLastCalledWith(
    { name: 'box', beforeSequence: 3, limit: 5_000 },
    expect.anything(),
  );
});

it('stops where it is cancelled', async () => {
  const client = aClient();
  const cancelling = new AbortController();
  const collecting = collectLog(client, { name: 'box' }, cancelling.signal, () => {
    cancelling.abort();
  });
  await expect(collecting).rejects.toThrow(/abort/i);
  expect(client.read).toHaveBeenCalledTimes(1);
});
