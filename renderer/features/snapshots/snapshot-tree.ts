/**
 * The snapshots around one sandbox as lines. Snapshots that follow each other stand below each
 * other; what else goes on from one of them stands indented below it. Pure.
 */
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';

/** What a line has. */
export type TreeItem =
  /** What all began with, before any snapshot. */
  | { readonly kind: 'beginning' }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'sandbox'; readonly sandbox: Sandbox; readonly isHere: boolean };

/** An item, and the lines that leave the line it stands in. */
export interface TreeNode {
  readonly key: string;
  readonly item: TreeItem;
  readonly branches: readonly (readonly TreeNode[])[];
}

/** The key of {@link TreeItem} `beginning`. */
const beginningKey = 'beginning';

/**
 * The line of a sandbox, from what it began with to where it is now.
 * @returns undefined where there is nothing to go back to and nothing was branched
 */
export function snapshotLine(
  sandbox: Sandbox,
  snapshots: readonly Snapshot[],
  sandboxes: readonly Sandbox[],
): readonly TreeNode[] | undefined {
  const family = familyOf(sandbox, snapshots, sandboxes);
  if (family.snapshots.length === 0 && family.sandboxes.length < 2) return undefined;
  const children = childrenOf(family);
  const path = new Set(ancestorsOf(sandbox.basedOn, family.snapshots).map(({ id }) => id));

  const lineFrom = (first: TreeItem): TreeNode[] => {
    const line: TreeNode[] = [];
    let item: TreeItem | undefined = first;
    while (item !== undefined) {
      const key = keyOf(item);
      const next: readonly TreeItem[] = children.get(key) ?? [];
      const main: TreeItem | undefined = mainOf(next, path, sandbox.id);
      const branches = next.filter((child) => child !== main).map((child) => lineFrom(child));
      line.push({ key, item, branches });
      item = main;
    }
    return line;
  };
  return lineFrom({ kind: 'beginning' });
}

/** What the line goes on with: the way to where the sandbox is, else the snapshot that came last. */
function mainOf(
  items: readonly TreeItem[],
  path: ReadonlySet<string>,
  sandboxId: string,
): TreeItem | undefined {
  const isOnPath = (item: TreeItem) =>
    item.kind === 'snapshot' ? path.has(item.snapshot.id) : isSandbox(item, sandboxId);
  return items.find(isOnPath) ?? items.findLast(({ kind }) => kind === 'snapshot') ?? items.at(-1);
}

function isSandbox(item: TreeItem, id: string): boolean {
  return item.kind === 'sandbox' && item.sandbox.id === id;
}

/** A key that no other item has. */
export function keyOf(item: TreeItem): string {
  if (item.kind === 'beginning') return beginningKey;
  return item.kind === 'snapshot' ? `snapshot ${item.snapshot.id}` : `sandbox ${item.sandbox.id}`;
}

interface Family {
  readonly sandbox: Sandbox;
  readonly snapshots: readonly Snapshot[];
  readonly sandboxes: readonly Sandbox[];
}

/** All that has a snapshot in common with the sandbox, by whatever way. */
function familyOf(
  sandbox: Sandbox,
  snapshots: readonly Snapshot[],
  sandboxes: readonly Sandbox[],
): Family {
  const rootOf = joined(snapshots);
  const roots = new Set<string>();
  const join = (id: string | undefined) => {
    const root = id === undefined ? undefined : rootOf(id);
    if (root !== undefined) roots.add(root);
  };
  join(sandbox.basedOn);
  for (const one of snapshots) if (one.sandbox.id === sandbox.id) join(one.id);
  // One that was branched without a snapshot, from this one or as this one was.
  const siblings = sandboxes.filter(
    ({ id, branchedFrom }) =>
      branchedFrom?.id === sandbox.id || (branchedFrom !== undefined && id === sandbox.id),
  );
  const parent = sandbox.branchedFrom?.id;
  const related = sandboxes.filter(
    (one) =>
      one.id === sandbox.id ||
      one.id === parent ||
      siblings.includes(one) ||
      (one.basedOn !== undefined && roots.has(rootOf(one.basedOn) ?? '')),
  );
  return {
    sandbox,
    snapshots: snapshots.filter(({ id }) => roots.has(rootOf(id) ?? '')),
    sandboxes: related.some(({ id }) => id === sandbox.id) ? related : [...related, sandbox],
  };
}

/** For each snapshot one that stands for all that are joined with it by parents. */
function joined(snapshots: readonly Snapshot[]): (id: string) => string | undefined {
  const above = new Map(snapshots.map(({ id }) => [id, id]));
  const rootOf = (id: string): string | undefined => {
    let root = above.get(id);
    if (root === undefined) return undefined;
    for (let next = above.get(root); next !== undefined && next !== root; next = above.get(root)) {
      root = next;
    }
    above.set(id, root);
    return root;
  };
  for (const { id, parentId } of snapshots) {
    const own = rootOf(id);
    const other = parentId === undefined ? undefined : rootOf(parentId);
    if (own !== undefined && other !== undefined && own !== other) above.set(own, other);
  }
  return rootOf;
}

/** What goes on from each key, without a circle: snapshots and then sandboxes, each the earliest first. */
function childrenOf({ snapshots, sandboxes, sandbox }: Family): Map<string, TreeItem[]> {
  const children = new Map<string, TreeItem[]>();
  const known = new Set(snapshots.map(({ id }) => id));
  const add = (parentId: string | undefined, item: TreeItem) => {
    const hasParent = parentId !== undefined && known.has(parentId);
    const key = hasParent ? `snapshot ${parentId}` : beginningKey;
    children.set(key, [...(children.get(key) ?? []), item]);
  };
  const reached = reachable(snapshots);
  for (const snapshot of snapshots) {
    // What only a circle leads to begins a line, as what lost its parent does.
    add(reached.has(snapshot.id) ? snapshot.parentId : undefined, { kind: 'snapshot', snapshot });
  }
  for (const one of sandboxes) {
    add(one.basedOn, { kind: 'sandbox', sandbox: one, isHere: one.id === sandbox.id });
  }
  return children;
}

/** Ids of snapshots that some way leads to from one without a known parent. */
function reachable(snapshots: readonly Snapshot[]): ReadonlySet<string> {
  const known = new Set(snapshots.map(({ id }) => id));
  const below = Map.groupBy(snapshots, ({ parentId }) =>
    parentId !== undefined && known.has(parentId) ? parentId : '',
  );
  const reached = new Set<string>();
  const waiting = (below.get('') ?? []).map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(below.get(id) ?? []).map((child) => child.id));
  }
  return reached;
}

/** The snapshot of an id and those before it, the nearest first. */
export function ancestorsOf(id: string | undefined, snapshots: readonly Snapshot[]): Snapshot[] {
  const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  const found = new Map<string, Snapshot>();
  for (let one = byId.get(id ?? ''); one !== undefined; one = byId.get(one.parentId ?? '')) {
    if (found.has(one.id)) break;
    found.set(one.id, one);
  }
  return [...found.values()];
}

/** One row of the tree as it is drawn, with what ARIA wants to know of it. */
export interface TreeRow {
  readonly key: string;
  readonly item: TreeItem;
  /** From 1. */
  readonly level: number;
  /** Among those of its level below the same row, from 1. */
  readonly position: number;
  readonly setSize: number;
  /** Undefined where nothing leaves the line here. */
  readonly isExpanded: boolean | undefined;
  /** The row that its lines leave from; undefined in the first line. */
  readonly parentKey: string | undefined;
  /** It does not follow the row above it, but leaves from its parent. */
  readonly isLineStart: boolean;
}

/** The rows of a line, without what is folded away. */
export function treeRows(line: readonly TreeNode[], collapsed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const addLines = (
    lines: readonly (readonly TreeNode[])[],
    level: number,
    parentKey: string | undefined,
  ) => {
    const setSize = lines.reduce((sum, { length }) => sum + length, 0);
    let position = 0;
    for (const one of lines) {
      for (const [index, { key, item, branches }] of one.entries()) {
        position += 1;
        const isExpanded = branches.length === 0 ? undefined : !collapsed.has(key);
        const isLineStart = index === 0 && parentKey !== undefined;
        rows.push({ key, item, level, position, setSize, isExpanded, parentKey, isLineStart });
        if (isExpanded === true) addLines(branches, level + 1, key);
      }
    }
  };
  addLines([line], 1, undefined);
  return rows;
}
