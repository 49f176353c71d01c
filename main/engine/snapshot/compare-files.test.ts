import { describe, expect, it } from 'vitest';
import { compareChanges, noChanges, type ChangeList, type ListedChange } from './compare-files.ts';

function listed(path: string, change: Partial<ListedChange> = {}): ListedChange {
  return {
    ...{ path, change: 'modified', kind: 'file', sizeBytes: 1, mode: 0o644, uid: 0, gid: 0 },
    modifiedAtMs: 1000,
    ...change,
  };
}

function list(...files: ListedChange[]): ChangeList {
  return { version: 1, files, isTruncated: false };
}

function changesOf(from: ChangeList, to: ChangeList): Record<string, string> {
  const { files } = compareChanges(from, to);
  return Object.fromEntries(files.map(({ path, change }) => [path, change]));
}

describe('what differs between two lists of changes', () => {
  it('is everything of one, where the other is what both began with', () => {
    const to = list(
      listed('/b', { change: 'added' }),
      listed('/a'),
      listed('/c', { change: 'removed' }),
    );
    expect(changesOf(noChanges, to)).toEqual({ '/a': 'modified', '/b': 'added', '/c': 'removed' });
    expect(compareChanges(noChanges, to).files.map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
  });

  it('is nothing where both are the same', () => {
    const one = list(listed('/a'), listed('/gone', { change: 'removed' }));
    expect(compareChanges(one, one).files).toEqual([]);
  });

  it.each([
    ['size', { sizeBytes: 2 }],
    ['time', { modifiedAtMs: 1001 }],
    ['mode', { mode: 0o600 }],
    ['kind', { kind: 'symlink' }],
    ['owner', { uid: 1 }],
    ['group', { gid: 1 }],
    ['target', { target: '/x' }],
  ] as const)('has a file of another %s', (_what, change) => {
    expect(changesOf(list(listed('/a')), list(listed('/a', change)))).toEqual({ '/a': 'modified' });
  });

  it('does not have a directory for what is in it', () => {
    const before = list(listed('/d', { kind: 'directory' }));
    const after = list(listed('/d', { kind: 'directory', sizeBytes: 9, modifiedAtMs: 2000 }));
    expect(compareChanges(before, after).files).toEqual([]);
  });

  it('has what one changed and the other has as it was at first', () => {
    const from = list(
      listed('/new', { change: 'added' }),
      listed('/gone', { change: 'removed' }),
      listed('/other'),
    );
    expect(changesOf(from, noChanges)).toEqual({
      '/new': 'removed',
      '/gone': 'added',
      '/other': 'modified',
    });
  });

  it('has what one removed and the other has', () => {
    const gone = list(listed('/a', { change: 'removed' }));
    expect(changesOf(list(listed('/a')), gone)).toEqual({ '/a': 'removed' });
    expect(changesOf(gone, list(listed('/a')))).toEqual({ '/a': 'added' });
  });

  it('says where a list was cut off', () => {
    expect(compareChanges({ ...noChanges, isTruncated: true }, noChanges).isTruncated).toBe(true);
  });
});
