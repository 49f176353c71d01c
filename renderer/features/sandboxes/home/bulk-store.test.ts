import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from '../../../bridge/connection.ts';
import { createFakeTransport } from '../../../bridge/fake/fake-transport.ts';
import { aSandbox } from '../../../testing/builders.ts';
import { createSandboxStore } from '../sandbox-store.ts';
import { actOnAll, canAct, createBulkStore } from './bulk-store.ts';

let connection: Connection;
let host: ReturnType<typeof createFakeTransport>['host'];
const bulk = createBulkStore();
const store = createSandboxStore();
const sandboxes = ['a', 'b', 'c', 'd', 'e'].map((name) => aSandbox({ name, state: 'stopped' }));

beforeEach(async () => {
  const transport = createFakeTransport({ sandboxes, stepMs: 0 });
  host = transport.host;
  connection = connect({ transport, onEvent: () => undefined });
  await new Promise<void>((resolve) => {
    connection.state.subscribe(({ status }) => {
      if (status === 'connected') resolve();
    });
  });
});

describe('actOnAll', () => {
  it('starts each to its end, and says which are done', async () => {
    await actOnAll(connection.client, sandboxes, 'start', bulk, store);
    expect(bulk.getState().work).toMatchObject({ isOver: true, total: 5, failed: [] });
    expect(bulk.getState().work?.done.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...host.sandboxes.values()].map(({ state }) => state)).toEqual(
      Array.from({ length: 5 }, () => 'running'),
    );
    expect(store.getState().pending).toEqual({});
  });

  it('keeps the error of each that fails, and goes on with the others', async () => {
    const [first] = sandboxes;
    if (first === undefined) throw new Error('There is none.');
    host.remove(first);
    await actOnAll(connection.client, sandboxes, 'remove', bulk, store);
    const { work } = bulk.getState();
    expect(work?.failed.map(({ name, error }) => [name, error.code])).toEqual([
      ['a', 'sandbox/not-found'],
    ]);
    expect(work?.done).toHaveLength(4);
    expect(host.sandboxes.size).toBe(0);
  });

  it('leaves those that were not begun when it is cancelled', async () => {
    const acting = actOnAll(connection.client, sandboxes, 'start', bulk, store);
    bulk.getState().work?.cancel();
    await acting;
    expect(bulk.getState().work).toMatchObject({ isOver: true, isCancelled: true });
    expect(bulk.getState().work?.done.toSorted()).toEqual(['a', 'b', 'c']);
    expect(host.sandboxes.get('e')?.state).toBe('stopped');
  });
});

it('knows what makes sense', () => {
  expect(canAct({ state: 'stopped' }, 'start')).toBe(true);
  expect(canAct({ state: 'running' }, 'start')).toBe(false);
  expect(canAct({ state: 'running' }, 'restart')).toBe(true);
  expect(canAct({ state: 'starting' }, 'stop')).toBe(false);
  expect(canAct({ state: 'creating' }, 'remove')).toBe(false);
});
