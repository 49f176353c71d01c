import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CountedDecision } from '../../net/gateway/decision-reporter.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { DecisionLog, maxLogEntries } from './decision-log.ts';

const directory = useTemporaryDirectory();

function decision(changes: Partial<CountedDecision> = {}): CountedDecision {
  return {
    ...{ verdict: 'deny', rule: 'deny private', source: 'deny.0', reason: 'It is private.' },
    ...{ direction: 'egress', protocol: 'tcp', address: '10.0.0.1', port: 80 },
    ...{ atMs: 1000, count: 1, ...changes },
  };
}

function newLog(): DecisionLog {
  return new DecisionLog(join(directory.path, 'network.json'));
}

describe('the log of decisions', () => {
  it('counts what repeats in one entry that keeps its id, the latest last', () => {
    const log = newLog();
    const [first] = log.add([decision(), decision({ port: 81 })]);
    const [again] = log.add([decision({ atMs: 5000, count: 4, reason: 'It still is.' })]);
    expect(again).toEqual({
      ...decision({ reason: 'It still is.' }),
      id: first?.id,
      firstAtMs: 1000,
      atMs: 5000,
      count: 5,
    });
    expect(log.list().map(({ port, count }) => [port, count])).toEqual([
      [81, 1],
      [80, 5],
    ]);
    log.forget();
  });

  it('is bounded: what was decided longest ago makes way, and no id comes twice', () => {
    const log = newLog();
    for (let port = 1; port <= maxLogEntries; port += 1) log.add([decision({ port })]);
    log.add([decision({ port: 1 })]);
    const [added] = log.add([decision({ port: 2000, reason: 'x'.repeat(10_000) })]);
    const ports = log.list().map(({ port }) => port);
    expect([ports.length, ports.includes(1), ports.includes(2)]).toEqual([
      maxLogEntries,
      true,
      false,
    ]);
    expect(new Set(log.list().map(({ id }) => id)).size).toBe(maxLogEntries);
    expect(added?.reason.length).toBeLessThanOrEqual(300);
    log.forget();
  });

  it('is the same after it was saved and loaded, and goes on counting', async () => {
    const log = newLog();
    log.add([decision(), decision({ protocol: 'dns', name: 'a.org' }), decision({ port: 81 })]);
    log.add([decision({ count: 2, atMs: 2000 })]);
    await log.save();
    const later = newLog();
    await later.load();
    const withoutId = (each: DecisionLog) => each.list().map((entry) => ({ ...entry, id: 0 }));
    expect(withoutId(later)).toEqual(withoutId(log));
    const [known, fresh] = later.add([decision({ atMs: 9000 }), decision({ port: 82 })]);
    expect(known).toMatchObject({ count: 4, firstAtMs: 1000, atMs: 9000 });
    expect(new Set(later.list().map(({ id }) => id)).size).toBe(4);
    expect(fresh?.id).toBe(4);
    later.forget();
  });

  it('is saved by itself, once for all that came meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const log = newLog();
      log.add([decision()]);
      log.add([decision({ port: 81 })]);
      expect(vi.getTimerCount()).toBe(1);
      vi.runAllTimers();
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(() => readdir(directory.path)).toEqual(['network.json']);
    const later = newLog();
    await later.load();
    expect(later.list()).toHaveLength(2);
  });

  it('writes nothing where nothing changed, or nothing is wanted any more', async () => {
    const log = newLog();
    await log.save();
    log.add([decision()]);
    log.forget();
    await log.save();
    expect(await readdir(directory.path)).toEqual([]);
  });

  it.each(['', '{', '{}', '[{"id":1}]', 'null', `[${' '.repeat(4 * 1024 * 1024)}]`])(
    'begins anew where its file is damaged',
    async (text) => {
      await writeFile(join(directory.path, 'network.json'), text);
      const log = newLog();
      await log.load();
      expect(log.list()).toEqual([]);
      log.add([decision()]);
      await log.save();
      const later = newLog();
      await later.load();
      expect(later.list()).toHaveLength(1);
    },
  );
});
