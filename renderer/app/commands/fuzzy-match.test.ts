import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from './fuzzy-match.ts';

const best = (query: string, ...texts: string[]) =>
  texts
    .map((text) => ({ text, score: fuzzyMatch(query, text)?.score ?? -Infinity }))
    .toSorted((one, other) => other.score - one.score)[0]?.text;

describe('fuzzyMatch', () => {
  it.each([
    ['stop', 'Stop web-api', 'Settings of scratch or proxy'],
    ['ntw', 'New terminal in web', 'Go to network'],
    ['web stop', 'Stop web-api', 'Stop scratch'],
    ['gs', 'Go to Settings', 'Logs'],
    ['sett', 'Settings', 'Set everything to test'],
    ['web', 'web', 'web-api-of-yesterday'],
    ['offnen', 'Terminal öffnen', 'Offen lassen nun'],
  ])('for %j takes %j before %j', (query, better, worse) => {
    expect(best(query, worse, better)).toBe(better);
  });

  it('says which letters fit', () => {
    expect(fuzzyMatch('ow', 'Go to web')?.at).toEqual([4, 6]);
  });

  it('fits nothing where a letter is missing, and everything where nothing is asked', () => {
    expect(fuzzyMatch('stopx', 'Stop web')).toBeUndefined();
    expect(fuzzyMatch('  ', 'Stop web')?.at).toEqual([]);
  });

  it('fits any letters of a text in their order, and says so truly', () => {
    fc.assert(
      fc.property(fc.string(), fc.infiniteStream(fc.boolean()), (text, keep) => {
        const query = text
          .split('')
          .filter((letter) => letter.trim() !== '' && keep.next().value)
          .join('');
        const match = fuzzyMatch(query, text);
        expect(match).toBeDefined();
        expect(
          match?.at
            .map((index) => text.charAt(index))
            .join('')
            .toLowerCase(),
        ).toBe(query.toLowerCase());
      }),
    );
  });
});
