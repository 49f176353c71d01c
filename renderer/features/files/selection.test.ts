import { expect, it } from 'vitest';
import {
  emptySelection,
  findTyped,
  keepListed,
  select,
  selectAll,
  selectOnly,
} from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

it('a range goes from the anchor to what was clicked, either way, and can be changed', () => {
  const anchored = selectOnly('c');
  const down = select(anchored, order, 'e', 'range');
  expect([...down.names]).toEqual(['c', 'd', 'e']);
  const up = select(down, order, 'a', 'range');
  expect([...up.names]).toEqual(['a', 'b', 'c']);
  expect(up).toMatchObject({ anchor: 'c', cursor: 'a' });
});

it('single names are added and taken away', () => {
  const two = select(selectOnly('a'), order, 'd', 'toggle');
  expect([...two.names]).toEqual(['a', 'd']);
  expect([...select(two, order, 'a', 'toggle').names]).toEqual(['d']);
});

it('a cursor that moves alone leaves what is chosen', () => {
  const moved = select(selectOnly('a'), order, 'b', 'cursor');
  expect([...moved.names]).toEqual(['a']);
  expect(moved.cursor).toBe('b');
});

it('everything is chosen at once', () => {
  expect(selectAll(emptySelection, order).names.size).toBe(5);
});

it('what is gone is no longer chosen', () => {
  const before = select(selectOnly('b'), order, 'd', 'range');
  const after = keepListed(before, ['a', 'c', 'd']);
  expect([...after.names]).toEqual(['c', 'd']);
  expect(after).toMatchObject({ anchor: undefined, cursor: 'd' });
  expect(keepListed(after, ['c', 'd'])).toBe(after);
});

it('typing finds by the beginning, and the same letter again goes on', () => {
  const files = ['alpha', 'Beta', 'bravo', 'gamma'];
  expect(findTyped(files, undefined, 'b')).toBe('Beta');
  expect(findTyped(files, 'Beta', 'b')).toBe('bravo');
  expect(findTyped(files, 'bravo', 'bb')).toBe('Beta');
  expect(findTyped(files, 'Beta', 'br')).toBe('bravo');
  expect(findTyped(files, 'Beta', 'be')).toBe('Beta');
  expect(findTyped(files, 'Beta', 'zz')).toBeUndefined();
});
