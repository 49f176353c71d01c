import { afterEach, describe, expect, it } from 'vitest';
import { maxLogLines, type LogEvent } from '../contract/logs.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { commandEvents, logEvents, statsEvents, statsOverviews } from './live-events.ts';

async function anEngine(): Promise<FakeEngine> {
  const engine = new FakeEngine();
  const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(operation.id);
  return engine;
}

async function next<T>(events: AsyncIterator<T, void>): Promise<T> {
  const result = await events.next();
  if (result.done === true) throw new Error('It has ended.');
  return result.value;
}

const follow = { name: 'web', tail: 10 };
const texts = (event: LogEvent): string[] =>
  'lines' in event ? event.lines.map(({ text }) => text) : [];

describe('what is followed of a sandbox', () => {
  let engine: FakeEngine;
  let stop = new AbortController();

  afterEach(() => {
    stop.abort();
    stop = new AbortController();
  });

  it('is its lines, several at a time', async () => {
    engine = await anEngine();
    engine.live.say('web', { text: 'one' });
    const events = logEvents(engine, follow, stop.signal);
    expect(texts(await next(events))).toEqual(['one']);
    engine.live.say('web', { text: 'two' });
    engine.live.say('web', { text: 'three' });
    expect(texts(await next(events))).toEqual(['two', 'three']);
    stop.abort();
    expect(await events.next()).toMatchObject({ done: true });
    expect(engine.live.subscriptions).toBe(0);
  });

  it('is the latest of a flood, for a client that reads slowly', async () => {
    engine = await anEngine();
    engine.live.say('web', { text: 'first' });
    const events = logEvents(engine, follow, stop.signal);
    await next(events);
    for (let at = 1; at <= maxLogLines + 7; at++) engine.live.say('web', { text: String(at) });
    const lines = texts(await next(events));
    expect(lines).toHaveLength(maxLogLines);
    expect(lines.at(-1)).toBe(String(maxLogLines + 7));
  });

  it('is told to each client when it is cleared, before what was said since', async () => {
    engine = await anEngine();
    engine.live.say('web', { text: 'one' });
    const clients = [1, 2].map(() => logEvents(engine, follow, stop.signal));
    for (const client of clients) expect(texts(await next(client))).toEqual(['one']);
    engine.live.say('web', { text: 'two' });
    await engine.logs.clear('web');
    engine.live.say('web', { text: 'three' });
    for (const client of clients) {
      expect(await next(client)).toEqual({ type: 'cleared', oldestSequence: 3 });
      expect(texts(await next(client))).toEqual(['three']);
    }
  });

  it('is its history and then its samples, of which the oldest make way', async () => {
    engine = await anEngine();
    engine.live.sample('web', { cpuPercent: 1 });
    const events = statsEvents(engine, 'web', stop.signal);
    expect(await next(events)).toMatchObject({ type: 'history', samples: [{ cpuPercent: 1 }] });
    for (let at = 1; at <= 100; at++) engine.live.sample('web', { cpuPercent: at });
    expect(await next(events)).toMatchObject({ type: 'sample', sample: { cpuPercent: 41 } });
    expect(await next(events)).toMatchObject({ type: 'sample', sample: { cpuPercent: 42 } });
    await events.return();
    expect(engine.live.subscriptions).toBe(0);
  });

  it('is the last overview of all', async () => {
    engine = await anEngine();
    const events = statsOverviews(engine, stop.signal);
    expect(await next(events)).toEqual({});
    for (let at = 1; at <= 100; at++) engine.live.sample('web', { cpuPercent: at });
    expect(await next(events)).toMatchObject({ web: { cpuPercent: 100 } });
    await events.return();
    expect(engine.live.subscriptions).toBe(0);
  });

  it('is every run of a command, then each as it is when it is taken', async () => {
    engine = await anEngine();
    const empty = commandEvents(engine, 'web', stop.signal);
    expect(await next(empty)).toEqual({ type: 'all', runs: [] });
    const { id } = await engine.commands.run({ name: 'web', line: 'sleep' });
    expect(await next(empty)).toMatchObject({ type: 'changed', runs: [{ id }] });
    const events = commandEvents(engine, 'web', stop.signal);
    expect(await next(events)).toMatchObject({ type: 'all', runs: [{ id, line: 'sleep' }] });
    await engine.commands.run({ name: 'web', line: 'fail' });
    await engine.commands.signal({ name: 'web', id, signal: 9 });
    expect(await next(events)).toMatchObject({
      type: 'changed',
      runs: [
        { line: 'fail', exit: { kind: 'exited', code: 3 } },
        { id, exit: { kind: 'signalled', signal: 9 } },
      ],
    });
    await engine.commands.remove('web', id);
    for (const client of [events, empty]) {
      expect(await next(client)).toEqual({ type: 'removed', ids: [id] });
    }
    await events.return();
    await empty.return();
    expect(engine.live.subscriptions).toBe(0);
  });
});
