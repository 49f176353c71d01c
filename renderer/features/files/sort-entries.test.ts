import { expect, it } from 'vitest';
import { aFileEntry } from '../../testing/file-builders.ts';
import { orderAfterClick, sortEntries, visibleEntries } from './sort-entries.ts';

const entries = [
  aFileEntry({ name: 'file10', sizeBytes: 5, modifiedAtMs: 3, mode: 0o600, user: 'b' }),
  aFileEntry({ name: 'file2', sizeBytes: 9, modifiedAtMs: 1, mode: 0o755, user: 'a' }),
  aFileEntry({ name: 'way', kind: 'symlink', leadsToDirectory: true }),
  aFileEntry({ name: 'dir', kind: 'directory', sizeBytes: 4096 }),
  aFileEntry({ name: '.hidden', sizeBytes: 1, modifiedAtMs: 2 }),
];
const names = (key: Parameters<typeof sortEntries>[1]['key'], isDescending = false) =>
  sortEntries(entries, { key, isDescending }).map(({ name }) => name);

it('puts directories and what leads to them first, and reads numbers in names', () => {
  expect(names('name')).toEqual(['dir', 'way', '.hidden', 'file2', 'file10']);
  expect(names('name', true)).toEqual(['way', 'dir', 'file10', 'file2', '.hidden']);
});

it('sorts by each column', () => {
  expect(names('size').slice(2)).toEqual(['.hidden', 'file10', 'file2']);
  expect(names('modified').slice(2)).toEqual(['file2', '.hidden', 'file10']);
  expect(names('permissions').slice(2)).toEqual(['file10', '.hidden', 'file2']);
  expect(names('owner').slice(2)).toEqual(['file2', 'file10', '.hidden']);
});

it('takes ten thousand entries', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    aFileEntry({ name: `entry-${String((index * 7919) % 10_000)}` }),
  );
  const sorted = sortEntries(many, { key: 'name', isDescending: false });
  expect(sorted.map(({ name }) => name)).toEqual(
    Array.from({ length: 10_000 }, (_, index) => `entry-${String(index)}`),
  );
});

it('hides what begins with a dot until it is asked for', () => {
  expect(visibleEntries(entries, false)).toHaveLength(4);
  expect(visibleEntries(entries, true)).toHaveLength(5);
});

it('a second click turns the order around', () => {
  const bySize = orderAfterClick({ key: 'name', isDescending: true }, 'size');
  expect(bySize).toEqual({ key: 'size', isDescending: false });
  expect(orderAfterClick(bySize, 'size')).toEqual({ key: 'size', isDescending: true });
});
