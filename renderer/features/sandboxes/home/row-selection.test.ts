import { describe, expect, it } from 'vitest';
import { extentOf, noSelection, selectRange, toggleAll, toggleRow } from './row-selection.ts';

const shown = ['a', 'b', 'c', 'd'];
const idsOf = ({ ids }: { readonly ids: ReadonlySet<string> }) => [...ids];

describe('a selection', () => {
  it('takes one row and lets it go', () => {
    const one = toggleRow(noSelection, 'b');
    expect(idsOf(one)).toEqual(['b']);
    expect(idsOf(toggleRow(one, 'b'))).toEqual([]);
  });

  it('takes a range in both directions, from the row that was taken by itself', () => {
    const one = toggleRow(noSelection, 'c');
    const up = selectRange(one, 'a', shown);
    expect(idsOf(up).toSorted()).toEqual(['a', 'b', 'c']);
    expect(idsOf(selectRange(up, 'd', shown)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(idsOf(selectRange(noSelection, 'b', shown))).toEqual(['b']);
  });

  it('takes all that are shown, and leaves others alone', () => {
    const one = toggleRow(noSelection, 'hidden');
    const all = toggleAll(toggleRow(one, 'a'), shown);
    expect(idsOf(all).toSorted()).toEqual(['a', 'b', 'c', 'd', 'hidden']);
    expect(extentOf(all, shown)).toBe('all');
    expect(idsOf(toggleAll(all, shown))).toEqual(['hidden']);
  });

  it('knows how much of what is shown it has', () => {
    expect(extentOf(noSelection, shown)).toBe('none');
    expect(extentOf(toggleRow(noSelection, 'a'), shown)).toBe('some');
    expect(extentOf(noSelection, [])).toBe('none');
  });
});
