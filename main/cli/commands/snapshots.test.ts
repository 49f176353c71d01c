import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../contract/snapshot.ts';
import { aConfig } from '../../engine/testing/a-config.ts';
import { findCompared, findSnapshot } from '../find-snapshot.ts';
import { changesTable, snapshotsTree } from './snapshots.ts';

function aSnapshot(change: Partial<Snapshot> & Pick<Snapshot, 'id' | 'name'>): Snapshot {
  return {
    ...{ sandbox: { id: '0123456789', name: 'web' }, createdAtMs: 0, config: aConfig() },
    ...{ hasMemory: false, diskBytes: 2048, ownDiskBytes: 1024, memoryBytes: 0 },
    ...change,
  };
}

const first = aSnapshot({ id: 'aaaaaaaaaa', name: 'first' });
const second = aSnapshot({ id: 'bbbbbbbbbb', name: 'second', parentId: first.id });
const third = aSnapshot({ id: 'cccccccccc', name: 'third', parentId: 'dddddddddd' });

describe('the tree of snapshots', () => {
  it('has each below the one that it went on from, and those without one at the left', () => {
    const lines = snapshotsTree([first, third, second], 60_000).split('\n');
    expect(lines.map((line) => line.split(/ {2,}[a-d]{10}/)[0])).toEqual([
      'SNAPSHOT      ID          TAKEN      DISK   OWN    MEMORY',
      'web@first',
      '  web@second',
      'web@third',
      '',
    ]);
    expect(lines[1]).toMatch(/1 min ago {2}2 KiB {2}1 KiB {2}-$/);
  });

  it('says why a memory cannot be used', () => {
    const one = { ...first, hasMemory: true, memoryBytes: 1024 };
    expect(snapshotsTree([one], 0)).toContain('1 KiB  1 KiB');
    expect(snapshotsTree([{ ...one, memoryProblem: 'Another QEMU.' }], 0)).toContain(
      'unusable: Another QEMU.',
    );
  });
});

describe('naming a snapshot', () => {
  it('goes by its id, or by its sandbox and its name', () => {
    expect(findSnapshot([first, second], 'bbbbbbbbbb')).toBe(second);
    expect(findSnapshot([first, second], 'web@first')).toBe(first);
  });

  it('fails where there is none, and where there are several', () => {
    expect(() => findSnapshot([first], 'web@none')).toThrow('No snapshot is "web@none".');
    const same = { ...second, name: 'first' };
    expect(() => findSnapshot([first, same], 'web@first')).toThrow('aaaaaaaaaa, bbbbbbbbbb');
  });

  it('takes what can be no snapshot for a sandbox', () => {
    expect(findCompared([first], 'web')).toEqual({ sandbox: 'web' });
    expect(findCompared([first], 'aaaaaaaaaa')).toEqual({ id: 'aaaaaaaaaa' });
    expect(() => findCompared([first], 'web@none')).toThrow('web@none');
  });
});

describe('the changes', () => {
  it('have a sign each, and say where there are more', () => {
    const text = changesTable({
      files: [
        { path: '/a', change: 'added' },
        { path: '/b', change: 'modified' },
        { path: '/c', change: 'removed' },
      ],
      isTruncated: true,
    });
    expect(text).toBe('A  /a\nM  /b\nD  /c\nThere are more, which are not listed.\n');
  });
});
