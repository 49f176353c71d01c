import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { aSandbox, aSnapshot } from '../../testing/builders.ts';
import { ancestorsOf, keyOf, snapshotLine, treeRows, type TreeItem } from './snapshot-tree.ts';

const web = (overrides: Partial<Sandbox> = {}) =>
  aSandbox({ ...overrides, id: 'web', name: 'web' });

let age = 0;
const snap = (id: string, parentId?: string, of = 'web'): Snapshot => {
  age += 1;
  return aSnapshot({
    ...{ id, name: id, sandbox: { id: of, name: of }, createdAtMs: age },
    ...(parentId === undefined ? {} : { parentId }),
  });
};
const named = (item: TreeItem) => {
  if (item.kind === 'beginning') return '*';
  return item.kind === 'snapshot' ? item.snapshot.name : `[${item.sandbox.name}]`;
};

/** Rows as they are seen: two spaces for each level, `>` where a line leaves. */
function drawn(
  sandbox: Sandbox,
  snapshots: readonly Snapshot[],
  others: readonly Sandbox[] = [],
  collapsed: readonly string[] = [],
): string[] {
  const line = snapshotLine(sandbox, snapshots, [sandbox, ...others]) ?? [];
  return treeRows(line, new Set(collapsed)).map(
    ({ item, level, isLineStart }) =>
      `${'  '.repeat(level - 1)}${isLineStart ? '>' : ''}${named(item)}`,
  );
}

describe('snapshotLine', () => {
  it('is nothing for a sandbox that stands alone', () => {
    expect(snapshotLine(web(), [], [web(), aSandbox({ name: 'other' })])).toBeUndefined();
    expect(snapshotLine(web(), [snap('x', undefined, 'other')], [web()])).toBeUndefined();
  });

  it('has what follows each other in one line, and the sandbox where it is', () => {
    expect(drawn(web({ basedOn: 'b' }), [snap('a'), snap('b', 'a')])).toEqual([
      ...['*', 'a', 'b', '[web]'],
    ]);
  });

  it('has the way to where the sandbox is as its line, and what else was tried beside it', () => {
    const snapshots = [snap('a'), snap('b', 'a'), snap('c', 'b'), snap('d', 'a')];
    expect(drawn(web({ basedOn: 'd' }), snapshots)).toEqual([
      ...['*', 'a', '  >b', '  c', 'd', '[web]'],
    ]);
    expect(drawn(web({ basedOn: 'a' }), snapshots)).toEqual([
      ...['*', 'a', '  >b', '  c', '  >d', '[web]'],
    ]);
  });

  it('has sandboxes that were branched, and what was taken of them, also once they are gone', () => {
    const branch = aSandbox({ ...{ name: 'web-2', id: 'web-2' }, basedOn: 'y' });
    const snapshots = [snap('a'), snap('x', 'a', 'gone'), snap('y', 'a', 'web-2')];
    expect(drawn(web({ basedOn: 'a' }), snapshots, [branch])).toEqual([
      ...['*', 'a', '  >x', '  >y', '  [web-2]', '[web]'],
    ]);
    const below = drawn(branch, snapshots, [web({ basedOn: 'a' })]);
    expect(below).toEqual(['*', 'a', '  >x', '  >[web]', 'y', '[web-2]']);
  });

  it('has what was branched without a snapshot', () => {
    const branch = aSandbox({ name: 'web-2', branchedFrom: { id: 'web', name: 'web' } });
    expect(drawn(web(), [], [branch])).toEqual(['*', '  >[web-2]', '[web]']);
    expect(drawn(branch, [], [web()])).toEqual(['*', '  >[web]', '[web-2]']);
  });

  it('begins anew where a parent is not known', () => {
    const snapshots = [snap('a', 'removed'), snap('b')];
    expect(drawn(web({ basedOn: 'b' }), snapshots)).toEqual(['*', '  >a', 'b', '[web]']);
  });

  it('shows each once where parents go in a circle', () => {
    const snapshots = [snap('a', 'b'), snap('b', 'a'), snap('c', 'c')];
    const rows = drawn(web({ basedOn: 'a' }), snapshots);
    expect(rows.toSorted()).toEqual(['*', '  >b', '  >c', 'a', '[web]'].toSorted());
  });

  it('bears a thousand in one line', () => {
    const snapshots = Array.from({ length: 1_000 }, (_, index) =>
      snap(`s${String(index)}`, index === 0 ? undefined : `s${String(index - 1)}`),
    );
    const rows = drawn(web({ basedOn: 's999' }), snapshots);
    expect(rows).toHaveLength(1_002);
    expect(rows.at(-1)).toBe('[web]');
  });
});

describe('treeRows', () => {
  const snapshots = [snap('a'), snap('b', 'a'), snap('c', 'b'), snap('d', 'a')];
  const sandbox = web({ basedOn: 'd' });

  it('folds lines away', () => {
    expect(drawn(sandbox, snapshots, [], ['snapshot a'])).toEqual(['*', 'a', 'd', '[web]']);
  });

  it('says of each row where it stands among its own', () => {
    const line = snapshotLine(sandbox, snapshots, [sandbox]) ?? [];
    const rows = treeRows(line, new Set());
    expect(
      rows.map(({ item, level, position, setSize, isExpanded, parentKey }) => [
        ...[named(item), level, `${String(position)}/${String(setSize)}`],
        ...[isExpanded, parentKey],
      ]),
    ).toEqual([
      ['*', 1, '1/4', undefined, undefined],
      ['a', 1, '2/4', true, undefined],
      ['b', 2, '1/2', undefined, 'snapshot a'],
      ['c', 2, '2/2', undefined, 'snapshot a'],
      ['d', 1, '3/4', undefined, undefined],
      ['[web]', 1, '4/4', undefined, undefined],
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    expect(rows.map(({ item }) => keyOf(item))).toEqual(rows.map(({ key }) => key));
  });
});

it('finds what came before, and ends in a circle', () => {
  const ids = (of: string, all: Snapshot[]) => ancestorsOf(of, all).map(({ id }) => id);
  expect(ids('c', [snap('a'), snap('b', 'a'), snap('c', 'b')])).toEqual(['c', 'b', 'a']);
  expect(ids('a', [snap('a', 'b'), snap('b', 'a')])).toEqual(['a', 'b']);
  expect(ids('x', [])).toEqual([]);
});
