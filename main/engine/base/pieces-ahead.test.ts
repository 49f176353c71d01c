import { describe, expect, it } from 'vitest';
import { PiecesAhead } from './pieces-ahead.ts';

describe('PiecesAhead', () => {
  it('counts pieces until the last byte of each is used', () => {
    const ahead = new PiecesAhead();
    for (const length of [3, 0, 4]) ahead.sent(length);
    expect([ahead.count, ahead.byteCount]).toEqual([2, 7]);
    expect(ahead.used(2)).toBe(true);
    expect([ahead.count, ahead.byteCount]).toEqual([2, 5]);
    expect(ahead.used(4)).toBe(true);
    expect([ahead.count, ahead.byteCount]).toEqual([1, 1]);
  });

  it('takes nothing where more is used than was sent', () => {
    const ahead = new PiecesAhead();
    ahead.sent(2);
    expect(ahead.used(3)).toBe(false);
    expect([ahead.count, ahead.byteCount]).toEqual([1, 2]);
  });
});
