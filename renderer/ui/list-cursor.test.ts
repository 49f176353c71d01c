import { expect, it } from 'vitest';
import { moveCursor } from './list-cursor.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

it('keys move the cursor within the list', () => {
  expect(moveCursor(undefined, order, 'ArrowDown', 2)).toBe('a');
  expect(moveCursor(undefined, order, 'ArrowUp', 2)).toBe('e');
  expect(moveCursor('a', order, 'ArrowUp', 2)).toBe('a');
  expect(moveCursor('d', order, 'PageDown', 2)).toBe('e');
  expect(moveCursor('d', order, 'PageUp', 2)).toBe('b');
  expect(moveCursor('d', order, 'Home', 2)).toBe('a');
  expect(moveCursor('d', order, 'x', 2)).toBeUndefined();
  expect(moveCursor(undefined, [], 'ArrowDown', 2)).toBeUndefined();
});
