import { expect, it } from 'vitest';
import { cleanTitle } from './program-title.ts';

it('keeps a title that can be read, and nothing that lies', () => {
  expect(cleanTitle('vim — notes.md')).toBe('vim — notes.md');
  expect(cleanTitle('a\u202Etxt.exe\u0007')).toBe('a txt.exe');
  expect(cleanTitle(' \n ')).toBeUndefined();
  expect(cleanTitle('x'.repeat(500))).toHaveLength(80);
});
