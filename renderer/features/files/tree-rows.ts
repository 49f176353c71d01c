/** The lines of the tree as they are shown, from what is known of directories. Pure. */
import type { FileChange } from '../../../main/contract/files.ts';
import type { DirectoryState } from './directory-store.ts';
import { joinPath, nameOf } from './guest-path.ts';
import { sortEntries, visibleEntries } from './sort-entries.ts';

/** One directory of the tree; the numbers are those of ARIA. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly level: number;
  readonly position: number;
  readonly setSize: number;
  /** Undefined where it is known to have no directories in it. */
  readonly isExpanded: boolean | undefined;
  readonly change: FileChange | undefined;
}

const byName = { key: 'name', isDescending: false } as const;

/** Directories that are open down from the root, each with its own below it. */
export function treeRows(
  { listings, expanded }: Pick<DirectoryState, 'listings' | 'expanded'>,
  showHidden: boolean,
): TreeRow[] {
  const childrenOf = (path: string) => {
    const { entries } = listings[path] ?? {};
    if (entries === undefined) return undefined;
    const directories = entries.filter(
      ({ kind, change }) => kind === 'directory' && change !== 'removed',
    );
    return sortEntries(visibleEntries(directories, showHidden), byName);
  };
  const rows: TreeRow[] = [];
  const add = (path: string, place: Pick<TreeRow, 'level' | 'position' | 'setSize' | 'change'>) => {
    const children = childrenOf(path);
    const isOpen = expanded.has(path);
    const isExpanded = children?.length === 0 ? undefined : isOpen;
    rows.push({ path, name: nameOf(path), isExpanded, ...place });
    if (!isOpen || children === undefined) return;
    children.forEach(({ name, change }, index) => {
      const position = { position: index + 1, setSize: children.length };
      add(joinPath(path, name), { level: place.level + 1, ...position, change });
    });
  };
  add('/', { level: 1, position: 1, setSize: 1, change: undefined });
  return rows;
}
