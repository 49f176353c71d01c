import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../main/contract/operation.ts';
import { aStage, anError, anOperation } from '../../testing/builders.ts';
import { BridgeError } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { cancelOperation } from './operation-actions.ts';
import {
  describeOperation,
  selectImageWork,
  selectLastImageWorkMs,
  selectLatestStart,
  selectWorkOnSandbox,
  selectRunningCount,
} from './operation-selectors.ts';
import { applyOperationEvent, createOperationStore, dismissOperation } from './operation-store.ts';

const layer = (bytesDone: number) =>
  aStage({ key: 'layer:1', state: 'active', bytesDone, bytesTotal: 1_000 });

describe('applyOperationEvent', () => {
  it('keeps the newest first and replaces what it knows', () => {
    const store = createOperationStore();
    const older = anOperation({ id: 'a', startedAtMs: 1 });
    const newer = anOperation({ id: 'b', startedAtMs: 2 });
    applyOperationEvent(
      store,
      { type: 'snapshot', sandboxes: [], images: [], operations: [older, newer], snapshots: [] },
      0,
    );
    applyOperationEvent(
      store,
      { type: 'operation', operation: { ...older, state: 'succeeded' } },
      0,
    );
    const { operations } = store.getState();
    expect(operations.map(({ id, state }) => [id, state])).toEqual([
      ['b', 'running'],
      ['a', 'succeeded'],
    ]);
    expect(selectRunningCount(store.getState())).toBe(1);
  });

  it('measures the speed of a stage that moves bytes, and forgets it at the end', () => {
    const store = createOperationStore();
    const operation = anOperation({ stages: [layer(0)] });
    applyOperationEvent(store, { type: 'operation', operation }, 0);
    applyOperationEvent(
      store,
      { type: 'operation', operation: { ...operation, stages: [layer(500)] } },
      1_000,
    );
    expect(store.getState().rates[operation.id]?.['layer:1']?.bytesPerSecond).toBe(500);
    applyOperationEvent(
      store,
      { type: 'operation', operation: { ...operation, state: 'succeeded' } },
      2_000,
    );
    expect(store.getState().rates).toEqual({});
  });

  it('keeps two hundred at most', () => {
    const store = createOperationStore();
    for (let index = 0; index < 250; index += 1) {
      const operation = anOperation({ id: String(index), startedAtMs: index, state: 'succeeded' });
      applyOperationEvent(store, { type: 'operation', operation }, 0);
    }
    expect(store.getState().operations).toHaveLength(200);
    expect(store.getState().operations[0]?.id).toBe('249');
  });
});

describe('selectors', () => {
  it('finds the newest operation on a sandbox, never a pull of the same name', () => {
    const store = createOperationStore();
    const create = anOperation({ id: 'a', subject: 'box', startedAtMs: 1 });
    const pull = anOperation({ id: 'b', subject: 'box', kind: 'pull', startedAtMs: 2 });
    for (const operation of [create, pull]) {
      applyOperationEvent(store, { type: 'operation', operation }, 0);
    }
    expect(selectLatestStart('box')(store.getState())).toBe(create);
    expect(selectLatestStart('other')(store.getState())).toBeUndefined();
  });

  it('shows work on a sandbox while it goes on, and a failure until it is dismissed', () => {
    const store = createOperationStore();
    const shown = () => selectWorkOnSandbox('box')(store.getState());
    const work = anOperation({ id: 'w', kind: 'snapshot', subject: 'box' });
    const change = (operation: Operation) => {
      applyOperationEvent(store, { type: 'operation', operation }, 0);
    };
    change(work);
    expect(shown()?.id).toBe('w');
    change({ ...work, state: 'failed' });
    expect(shown()?.id).toBe('w');
    dismissOperation('w', store);
    expect(shown()).toBeUndefined();
    const later = { ...work, id: 'v', kind: 'restore' as const, startedAtMs: 2_000 };
    change(later);
    expect(shown()?.id).toBe('v');
    change({ ...later, state: 'succeeded' });
    expect(shown()).toBeUndefined();
    expect(selectWorkOnSandbox('other')(store.getState())).toBeUndefined();
    change({ ...work, id: 'b', kind: 'branch', startedAtMs: 3_000, subject: 'box-2' });
    expect(shown()).toBeUndefined();
    expect(selectWorkOnSandbox('box', 'b')(store.getState())?.id).toBe('b');
  });

  it('names an operation by what it does', () => {
    expect(describeOperation({ kind: 'restart', subject: 'box' })).toBe('Restart box');
  });
});

describe('selectImageWork', () => {
  const shownOf = (store: ReturnType<typeof createOperationStore>) =>
    selectImageWork(store.getState()).map(({ id }) => id);

  it('shows what runs and the newest that ended before the eyes of this window', () => {
    const store = createOperationStore();
    const old = anOperation({ id: 'old', kind: 'pull', startedAtMs: 9, state: 'failed' });
    const running = anOperation({ id: 'running', kind: 'build', startedAtMs: 2 });
    applyOperationEvent(
      store,
      { type: 'snapshot', sandboxes: [], images: [], operations: [old, running], snapshots: [] },
      0,
    );
    expect(shownOf(store)).toEqual(['running']);
    for (const [id, startedAtMs] of [
      ['first', 3],
      ['second', 4],
    ] as const) {
      const pull = anOperation({ id, kind: 'pull', startedAtMs, state: 'succeeded' });
      applyOperationEvent(store, { type: 'operation', operation: pull }, 0);
    }
    expect(shownOf(store)).toEqual(['second', 'running']);
    const start = anOperation({ id: 'start', kind: 'start', startedAtMs: 5 });
    applyOperationEvent(store, { type: 'operation', operation: start }, 0);
    expect(shownOf(store)).toEqual(['second', 'running']);
  });

  it('keeps each failure until it is dismissed or tried again', () => {
    const store = createOperationStore();
    const pull = (id: string, subject: string, state: 'failed' | 'succeeded' | 'running') => {
      const startedAtMs = store.getState().operations.length;
      const operation = anOperation({ ...{ id, subject, state, startedAtMs }, kind: 'pull' });
      applyOperationEvent(store, { type: 'operation', operation }, 0);
    };
    pull('first', 'one', 'failed');
    pull('second', 'two', 'failed');
    pull('third', 'three', 'succeeded');
    expect(shownOf(store)).toEqual(['third', 'second', 'first']);
    dismissOperation('second', store);
    pull('again', 'one', 'running');
    expect(shownOf(store)).toEqual(['again', 'third']);
  });

  it('hides what was dismissed, and does not bring the one before it back', () => {
    const store = createOperationStore();
    for (const [id, startedAtMs] of [
      ['first', 3],
      ['second', 4],
    ] as const) {
      const pull = anOperation({ id, kind: 'pull', startedAtMs, state: 'succeeded' });
      applyOperationEvent(store, { type: 'operation', operation: pull }, 0);
    }
    dismissOperation('second', store);
    expect(shownOf(store)).toEqual([]);
  });
});

it('knows when work on images ended last, and counts no work on sandboxes', () => {
  const start = anOperation({ kind: 'start', state: 'failed', endedAtMs: 9 });
  const pull = anOperation({ kind: 'pull', state: 'cancelled', endedAtMs: 5 });
  const running = anOperation({ kind: 'pull' });
  expect(selectLastImageWorkMs({ operations: [start, running] })).toBe(0);
  expect(selectLastImageWorkMs({ operations: [start, running, pull] })).toBe(5);
});

describe('cancelOperation', () => {
  const clientThat = (cancel: () => Promise<void>) =>
    ({ operations: { cancel } }) as unknown as SkerryClient;

  it('marks the operation until it has ended', async () => {
    const store = createOperationStore();
    const operation = anOperation();
    applyOperationEvent(store, { type: 'operation', operation }, 0);
    await cancelOperation(
      clientThat(() => Promise.resolve()),
      operation.id,
      store,
    );
    expect(store.getState().cancelling).toEqual([operation.id]);
    applyOperationEvent(
      store,
      { type: 'operation', operation: { ...operation, state: 'cancelled' } },
      0,
    );
    expect(store.getState().cancelling).toEqual([]);
  });

  it('keeps why it could not', async () => {
    const store = createOperationStore();
    await cancelOperation(
      clientThat(() => Promise.reject(new BridgeError('operation/not-found', 'Gone.'))),
      'x',
      store,
    );
    expect(store.getState()).toMatchObject({
      cancelling: [],
      cancelErrors: { x: anError('operation/not-found', { message: 'Gone.' }) },
    });
  });
});
