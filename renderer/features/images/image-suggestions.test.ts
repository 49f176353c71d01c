import { describe, expect, it } from 'vitest';
import { suggestImages, type SuggestionAnswer } from './image-suggestions.ts';

const stored = [
  { value: 'debian:bookworm', remark: '117 MiB' },
  { value: 'alpine', remark: '8 MiB' },
];
const answerTo = (typed: string, ...references: string[]): SuggestionAnswer => ({
  typed,
  answer: {
    suggestions: references.map((reference) => ({ reference, source: 'registry' as const })),
  },
});
const valuesOf = (...input: Parameters<typeof suggestImages>) =>
  suggestImages(...input).map(({ value }) => value);

describe('suggestImages', () => {
  it('offers the store while the host has not answered', () => {
    expect(valuesOf('deb', stored, undefined)).toEqual(['debian:bookworm']);
  });

  it('offers what the host answered, in its order', () => {
    const last = answerTo('debian:', 'debian:trixie', 'debian:bookworm');
    expect(suggestImages('debian:', stored, last)).toEqual([
      { value: 'debian:trixie', remark: 'of the registry' },
      { value: 'debian:bookworm', remark: '117 MiB' },
    ]);
  });

  it('keeps what still fits of the answer to an earlier text', () => {
    const last = answerTo('debian:', 'debian:trixie', 'debian:bookworm', 'debian:sid');
    expect(valuesOf('debian:b', stored, last)).toEqual(['debian:bookworm']);
    expect(valuesOf('debian:si', stored, last)).toEqual(['debian:sid']);
  });

  it('offers nothing once the only one is typed out, and a hundred at most', () => {
    expect(valuesOf('debian:sid', stored, answerTo('debian:sid', 'debian:sid'))).toEqual([]);
    const many = Array.from({ length: 300 }, (_, index) => `app:${String(index)}`);
    expect(valuesOf('app:', stored, answerTo('app:', ...many))).toHaveLength(100);
  });
});
