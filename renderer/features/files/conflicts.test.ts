import { expect, it } from 'vitest';
import { applyChoice, freeName, topNames } from './conflicts.ts';

it('finds the first free number, before the extension', () => {
  expect(freeName('notes.txt', new Set(['notes.txt', 'notes (2).txt']))).toBe('notes (3).txt');
  expect(freeName('.bashrc', new Set())).toBe('.bashrc (2)');
  expect(freeName('dir', new Set())).toBe('dir (2)');
});

const items = [{ path: 'app' }, { path: 'app/a.txt' }, { path: 'b.txt' }, { path: 'new.txt' }];
const taken = new Set(['app', 'b.txt', 'other']);

it('names the first parts once', () => {
  expect(topNames(items)).toEqual(['app', 'b.txt', 'new.txt']);
});

it('keeps both by another name, with all that is below', () => {
  expect(applyChoice(items, taken, 'keep-both').map(({ path }) => path)).toEqual([
    'app (2)',
    'app (2)/a.txt',
    'b (2).txt',
    'new.txt',
  ]);
});

it('never takes a name that comes along', () => {
  const coming = [{ path: 'b.txt' }, { path: 'b (2).txt' }];
  expect(applyChoice(coming, taken, 'keep-both').map(({ path }) => path)).toEqual([
    'b (3).txt',
    'b (2).txt',
  ]);
});

it('skips what is there, with all that is below, or replaces it', () => {
  expect(applyChoice(items, taken, 'skip')).toEqual([{ path: 'new.txt' }]);
  expect(applyChoice(items, taken, 'replace')).toBe(items);
});
