import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../contract/event.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { engineEvents } from './engine-events.ts';

async function aSandbox(engine: FakeEngine, name: string): Promise<Sandbox> {
  const operation = await engine.sandboxes.create({ name, image: 'skerry/starter' });
  await engine.operations.wait(operation.id);
  return engine.sandboxes.inspect(name);
}

async function take(events: AsyncIterator<EngineEvent>, count: number): Promise<EngineEvent[]> {
  const taken: EngineEvent[] = [];
  while (taken.length < count) {
    const result = await events.next();
    if (result.done === true) break;
    taken.push(result.value);
  }
  return taken;
}

describe('engineEvents', () => {
  it('begins with a snapshot and tells what changes after it', async () => {
    const engine = new FakeEngine();
    const sandbox = await aSandbox(engine, 'web');
    const events = engineEvents(engine, undefined);

    expect(await take(events, 1)).toMatchObject([
      { type: 'snapshot', sandboxes: [{ name: 'web' }] },
    ]);
    engine.emit({ type: 'sandbox-removed', id: sandbox.id, name: 'web' });
    expect(await take(events, 1)).toEqual([
      { type: 'sandbox-removed', id: sandbox.id, name: 'web' },
    ]);
  });

  it('keeps the last state of each sandbox for a client that reads slowly', async () => {
    const engine = new FakeEngine();
    const first = await aSandbox(engine, 'first');
    const second = await aSandbox(engine, 'second');
    const events = engineEvents(engine, undefined);
    await take(events, 1);

    for (let bootMs = 1; bootMs <= 5000; bootMs += 1) {
      engine.emit({ type: 'sandbox', sandbox: { ...first, bootMs } });
      engine.emit({ type: 'sandbox', sandbox: { ...second, bootMs } });
    }
    engine.emit({ type: 'sandbox-removed', id: first.id, name: first.name });

    expect(await take(events, 2)).toEqual([
      { type: 'sandbox-removed', id: first.id, name: 'first' },
      { type: 'sandbox', sandbox: { ...second, bootMs: 5000 } },
    ]);
  });

  it('sends a new snapshot instead of keeping more than its limit', async () => {
    const engine = new FakeEngine();
    const sandbox = await aSandbox(engine, 'web');
    const events = engineEvents(engine, undefined, 4);
    await take(events, 1);

    for (let number = 0; number < 100; number += 1) {
      engine.emit({ type: 'sandbox', sandbox: { ...sandbox, id: `id-${String(number)}` } });
    }
    expect(engine.subscriptions).toBe(0);
    expect(await take(events, 1)).toMatchObject([
      { type: 'snapshot', sandboxes: [{ name: 'web' }] },
    ]);
    engine.emit({ type: 'images', images: [] });
    expect(await take(events, 1)).toEqual([{ type: 'images', images: [] }]);
  });

  it('ends and unsubscribes when its signal is aborted', async () => {
    const engine = new FakeEngine();
    const controller = new AbortController();
    const events = engineEvents(engine, controller.signal);
    await take(events, 1);
    const waiting = events.next();
    controller.abort();

    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(engine.subscriptions).toBe(0);
  });
});
