import { describe, expect, it } from 'vitest';
import type { Decision, NetworkEvent } from '../contract/network.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { networkEvents } from './network-events.ts';

async function anEngine(): Promise<FakeEngine> {
  const engine = new FakeEngine();
  const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(operation.id);
  return engine;
}

function aDecision(id: number, count = 1): Decision {
  return {
    ...{ verdict: 'deny', rule: 'deny private', source: 'deny.0', reason: 'It is private.' },
    ...{ id, count, firstAtMs: 0, atMs: 0, direction: 'egress', protocol: 'tcp' },
  };
}

async function take(events: AsyncIterator<NetworkEvent>, count: number): Promise<NetworkEvent[]> {
  const taken: NetworkEvent[] = [];
  while (taken.length < count) {
    const result = await events.next();
    if (result.done === true) break;
    taken.push(result.value);
  }
  return taken;
}

describe('networkEvents', () => {
  it('begins with the status and the log, and tells what changes after them', async () => {
    const engine = await anEngine();
    engine.networks.decided(aDecision(1), 'web');
    const events = networkEvents(engine, 'web', undefined);

    expect(await take(events, 2)).toMatchObject([
      { type: 'status', status: { link: 'up', config: { policy: 'public' } } },
      { type: 'decisions', decisions: [{ id: 1, count: 1 }] },
    ]);
    engine.networks.decided(aDecision(2), 'web');
    expect(await take(events, 1)).toMatchObject([{ type: 'decisions', decisions: [{ id: 2 }] }]);
    await engine.network.set('web', { policy: 'none' });
    expect(await take(events, 1)).toMatchObject([
      { type: 'status', status: { config: { policy: 'none' } } },
    ]);
  });

  it('keeps the last state of each thing for a client that reads slowly', async () => {
    const engine = await anEngine();
    const events = networkEvents(engine, 'web', undefined);
    await take(events, 1);

    for (let count = 1; count <= 2000; count += 1) {
      engine.networks.decided(aDecision(1, count), 'web');
      engine.networks.decided(aDecision(2, count), 'web');
      await engine.network.set('web', { bandwidth: { upload: count } });
    }

    expect(await take(events, 2)).toMatchObject([
      { type: 'status', status: { config: { bandwidth: { upload: 2000 } } } },
      {
        type: 'decisions',
        decisions: [
          { id: 1, count: 2000 },
          { id: 2, count: 2000 },
        ],
      },
    ]);
  });

  it('sends status and log again instead of keeping more than its limit', async () => {
    const engine = await anEngine();
    const events = networkEvents(engine, 'web', undefined, 4);
    await take(events, 1);

    for (let id = 0; id < 5; id += 1) engine.networks.decided(aDecision(id), 'web');
    expect(engine.networks.subscriptions).toBe(0);
    engine.networks.decided(aDecision(5), 'web');
    const again = await take(events, 2);
    expect(again).toMatchObject([{ type: 'status' }, { type: 'decisions' }]);
    expect(again[1]).toHaveProperty('decisions.length', 6);
    expect(engine.networks.subscriptions).toBe(1);
  });

  it('sends a log that is longer than its limit', async () => {
    const engine = await anEngine();
    for (let id = 0; id < 10; id += 1) engine.networks.decided(aDecision(id), 'web');
    const events = networkEvents(engine, 'web', undefined, 4);

    expect(await take(events, 1)).toMatchObject([{ type: 'status' }]);
    for (let id = 10; id < 14; id += 1) engine.networks.decided(aDecision(id), 'web');
    expect((await take(events, 1))[0]).toHaveProperty('decisions.length', 14);
    expect(engine.networks.subscriptions).toBe(1);
  });

  it('ends where it has to begin anew and the sandbox is no more', async () => {
    const engine = await anEngine();
    const events = networkEvents(engine, 'web', undefined, 1);
    await take(events, 1);
    await engine.sandboxes.remove('web', { force: true });
    for (const id of [1, 2]) engine.networks.decided(aDecision(id), 'web');
    expect(await events.next()).toEqual({ value: undefined, done: true });
    expect(engine.networks.subscriptions).toBe(0);
  });

  it('fails for a sandbox that is not there', async () => {
    const events = networkEvents(new FakeEngine(), 'nobody', undefined);
    await expect(events.next()).rejects.toMatchObject({ code: 'sandbox/not-found' });
  });

  it('ends and unsubscribes when its signal is aborted', async () => {
    const engine = await anEngine();
    const controller = new AbortController();
    const events = networkEvents(engine, 'web', controller.signal);
    await take(events, 1);
    const waiting = events.next();
    controller.abort();

    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(engine.networks.subscriptions).toBe(0);
  });
});
