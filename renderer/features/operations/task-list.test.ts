import { describe, expect, it } from 'vitest';
import { anOperation } from '../../testing/builders.ts';
import { clearTasks, createClearedTasks } from './cleared-tasks.ts';
import { filterTasks, placeOfTransfer, selectUnseenFailures } from './operation-selectors.ts';
import { createOperationStore, markLooked } from './operation-store.ts';

const states = ['running', 'succeeded', 'failed', 'cancelled'] as const;
const operations = states.map((state) => anOperation({ id: state, state }));

describe('the list of tasks', () => {
  it.each([
    ['all', ['running', 'succeeded', 'cancelled']],
    ['running', ['running']],
    ['failed', []],
    ['ended', ['succeeded', 'cancelled']],
  ] as const)('shows with the filter %s what was not cleared', (filter, expected) => {
    expect(filterTasks(operations, filter, ['failed']).map(({ id }) => id)).toEqual(expected);
  });

  it('remembers what was cleared over a reload, the latest first, and not without end', () => {
    const kept = new Map<string, string>();
    const storage = () =>
      ({
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
      }) as unknown as Storage;
    const store = createClearedTasks(storage);
    clearTasks(
      Array.from({ length: 500 }, (_, index) => String(index)),
      store,
    );
    clearTasks(['7'], store);
    const { ids } = createClearedTasks(storage).getState();
    expect(ids).toHaveLength(400);
    expect(ids.slice(0, 2)).toEqual(['7', '0']);
  });
});

it('counts failures of this window until somebody has looked', () => {
  const store = createOperationStore();
  const failed = ['old', 'a', 'b'].map((id) => anOperation({ id, state: 'failed' }));
  store.setState({ operations: failed, followed: ['a', 'b'] });
  expect(selectUnseenFailures(store.getState())).toBe(2);
  markLooked(['a'], store);
  markLooked(['a'], store);
  expect(selectUnseenFailures(store.getState())).toBe(1);
  expect(store.getState().looked).toEqual(['a']);
});

it('knows where files go to or come from', () => {
  const place = (subject: string) => placeOfTransfer({ kind: 'upload', subject });
  expect(place('web-api:/srv/a:b')).toEqual({ sandbox: 'web-api', path: '/srv/a:b' });
  expect(place('notes.txt')).toBeUndefined();
  expect(placeOfTransfer({ kind: 'export', subject: 'a:/b' })).toBeUndefined();
});
