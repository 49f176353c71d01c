import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect, type Connection, type SkerryClient } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import { aSandbox, aSnapshot } from '../../testing/builders.ts';
import { closeComparison, compare, createComparisonStore } from './comparison-store.ts';
import {
  removeSnapshot,
  renameSnapshot,
  restoreSnapshot,
  untilSucceeded,
} from './snapshot-actions.ts';
import { applySnapshotEvent, createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

const id = 'box';
const first = aSnapshot({ id: 'a000000001', name: 'first', sandbox: { id, name: 'box' } });
const request = { from: { id: first.id }, to: { sandbox: 'box' } };
const asked = { request, from: 'first', to: 'box now' };

let connection: Connection;
let client: SkerryClient;
let store: SnapshotStore;
const names = () => store.getState().snapshots.map(({ name }) => name);

beforeEach(async () => {
  store = createSnapshotStore();
  const sandbox = aSandbox({ id, name: 'box', basedOn: first.id });
  const transport = createFakeTransport({ sandboxes: [sandbox], snapshots: [first], stepMs: 0 });
  connection = connect({
    transport,
    onEvent: (event) => {
      applySnapshotEvent(store, event);
    },
  });
  client = connection.client;
  await vi.waitUntil(() => store.getState().isLoaded);
});

afterEach(() => {
  connection.close();
});

it('takes a snapshot of the present before it restores', async () => {
  const restoring = { id: first.id, name: 'box', withMemory: false };
  await restoreSnapshot(client, id, { ...restoring, keepAs: 'kept', keepMemory: true }, store);
  expect(store.getState().actionErrors).toEqual({});
  await vi.waitUntil(() => names().includes('kept'));
  await vi.waitUntil(async () => {
    const { basedOn, state } = await client.sandboxes.inspect({ name: 'box' });
    return basedOn === first.id && state === 'stopped';
  });
});

it('restores nothing where that snapshot cannot be taken, and says why', async () => {
  const restoring = { id: first.id, name: 'box', withMemory: false };
  await restoreSnapshot(client, id, { ...restoring, keepAs: 'first', keepMemory: true }, store);
  expect(store.getState().actionErrors[id]?.code).toBe('snapshot/name-taken');
  expect((await client.sandboxes.inspect({ name: 'box' })).state).toBe('running');
});

it('renames and removes, and forgets an earlier failure', async () => {
  await removeSnapshot(client, id, 'a0000000ff', store);
  expect(store.getState().actionErrors[id]?.code).toBe('snapshot/not-found');
  await renameSnapshot(client, id, { id: first.id, name: 'second' }, store);
  expect(store.getState().actionErrors).toEqual({});
  await vi.waitUntil(() => names().includes('second'));
  await removeSnapshot(client, id, first.id, store);
  await vi.waitUntil(() => names().length === 0);
});

it('waits for an operation, and fails as it does', async () => {
  const operation = await client.snapshots.create({ name: 'box', as: 'more' });
  await client.operations.cancel({ id: operation.id });
  await expect(untilSucceeded(client, operation)).rejects.toMatchObject({
    data: { code: 'operation/cancelled' },
  });
});

it('has two compared once, and takes what is known then', async () => {
  const comparisons = createComparisonStore();
  await compare(client, id, asked, comparisons);
  const { operationId, changes, error } = comparisons.getState()[id] ?? {};
  expect(error).toBeUndefined();
  expect(operationId).toBeDefined();
  expect(changes?.files.length).toBeGreaterThan(0);
  await compare(client, id, asked, comparisons);
  expect(comparisons.getState()[id]).toMatchObject({ operationId: undefined, changes });
  closeComparison(id, comparisons);
  expect(comparisons.getState()).toEqual({});
});

it('shows the comparison that was asked for last', async () => {
  const comparisons = createComparisonStore();
  const other = { request: { to: { id: first.id } }, from: 'Beginning', to: 'first' };
  const both = [compare(client, id, asked, comparisons), compare(client, id, other, comparisons)];
  await Promise.all(both);
  expect(comparisons.getState()[id]?.to).toBe('first');
  expect(comparisons.getState()[id]?.changes).toBeDefined();
});

it('keeps why a comparison failed', async () => {
  const comparisons = createComparisonStore();
  const wrong = { request: { to: { id: 'a0000000ff' } }, from: 'Beginning', to: 'gone' };
  await compare(client, id, wrong, comparisons);
  expect(comparisons.getState()[id]?.error?.code).toBe('snapshot/not-found');
});
