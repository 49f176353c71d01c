import { expect, it } from 'vitest';
import { aFileEntry } from '../../testing/file-builders.ts';
import { treeRows } from './tree-rows.ts';

const listing = (...names: string[]) => ({
  entries: names.map((name) =>
    aFileEntry({ name, kind: name.endsWith('.txt') ? 'file' : 'directory' }),
  ),
  ...{ isTruncated: false, isLoading: false, error: undefined },
});
const listings = {
  '/': listing('usr', 'etc', '.cache', 'a.txt'),
  '/usr': listing('lib10', 'lib2'),
  '/usr/lib2': listing('b.txt'),
};

it('shows directories that are open, in order, with their place', () => {
  const expanded = new Set(['/', '/usr', '/usr/lib2']);
  expect(treeRows({ listings, expanded }, false)).toMatchObject([
    { path: '/', level: 1, position: 1, setSize: 1, isExpanded: true },
    { path: '/etc', level: 2, position: 1, setSize: 2, isExpanded: false },
    { path: '/usr', level: 2, position: 2, setSize: 2, isExpanded: true },
    { path: '/usr/lib2', level: 3, position: 1, setSize: 2, isExpanded: undefined },
    { path: '/usr/lib10', level: 3, position: 2, setSize: 2, isExpanded: false },
  ]);
});

it('shows hidden ones where that is wanted, and nothing below a closed one', () => {
  const rows = treeRows({ listings, expanded: new Set(['/', '/usr/lib2']) }, true);
  expect(rows.map(({ path }) => path)).toEqual(['/', '/.cache', '/etc', '/usr']);
});

it('has the root before anything was read', () => {
  expect(treeRows({ listings: {}, expanded: new Set(['/']) }, false)).toMatchObject([
    { path: '/', isExpanded: true },
  ]);
});
