import { describe, expect, it } from 'vitest';
import { findPlaces, markSpans } from './marked-text.ts';

describe('findPlaces', () => {
  it('finds whatever the case, and takes special characters as they are', () => {
    expect(findPlaces('Error: error.', 'error')).toEqual([
      [0, 5],
      [7, 12],
    ]);
    expect(findPlaces('a+b (c)', '(C)')).toEqual([[4, 7]]);
    expect(findPlaces('anything', '')).toEqual([]);
  });
});

describe('markSpans', () => {
  it('cuts spans at the places, over their borders', () => {
    expect(markSpans([{ text: 'abc', colour: 'red' }, { text: 'def' }], 'CD')).toEqual([
      { text: 'ab', colour: 'red' },
      { text: 'c', colour: 'red', isMarked: true },
      { text: 'd', isMarked: true },
      { text: 'ef' },
    ]);
  });

  it('leaves spans without a place as they are', () => {
    const spans = [{ text: 'abc' }];
    expect(markSpans(spans, 'x')).toBe(spans);
  });
});
