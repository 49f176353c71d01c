import { expect, it } from 'vitest';
import { filterSuggestions, moveHighlight } from './suggestions.ts';

const suggestions = [{ value: 'alpine' }, { value: 'debian:bookworm' }, { value: 'debian:trixie' }];

it('shows what has the typed text in it', () => {
  expect(filterSuggestions(suggestions, 'DEB').map(({ value }) => value)).toEqual([
    'debian:bookworm',
    'debian:trixie',
  ]);
  expect(filterSuggestions(suggestions, 'nothing')).toEqual([]);
  expect(filterSuggestions(suggestions, '')).toHaveLength(3);
});

it('shows nothing once a suggestion is typed out', () => {
  expect(filterSuggestions(suggestions, 'alpine')).toEqual([]);
});

it('moves the highlight around both ends', () => {
  expect(moveHighlight(-1, 1, suggestions)).toBe(0);
  expect(moveHighlight(-1, -1, suggestions)).toBe(2);
  expect(moveHighlight(2, 1, suggestions)).toBe(0);
  expect(moveHighlight(0, -1, suggestions)).toBe(2);
  expect(moveHighlight(0, 1, [])).toBe(-1);
});
