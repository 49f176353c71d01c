/** The order of a directory's entries. Pure. */
import type { FileEntry } from '../../../main/contract/files.ts';

/** A column that entries can be sorted by. */
export type SortKey = 'name' | 'size' | 'modified' | 'permissions' | 'owner';

/** By which column, and which way. */
export interface SortOrder {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Whether opening it shows a list: a directory, or a symlink that leads to one. */
export function isDirectory(entry: Pick<FileEntry, 'kind' | 'leadsToDirectory'>): boolean {
  return entry.kind === 'directory' || entry.leadsToDirectory === true;
}

/** Whose it is: `root:root`, or numbers where the guest has no names for them. */
export function ownerOf(entry: Pick<FileEntry, 'user' | 'group' | 'uid' | 'gid'>): string {
  return `${entry.user ?? String(entry.uid)}:${entry.group ?? String(entry.gid)}`;
}

function compare(key: SortKey, one: FileEntry, other: FileEntry): number {
  switch (key) {
    case 'name':
      return 0;
    case 'size':
      return one.sizeBytes - other.sizeBytes;
    case 'modified':
      return one.modifiedAtMs - other.modifiedAtMs;
    case 'permissions':
      return one.mode - other.mode;
    case 'owner':
      return collator.compare(ownerOf(one), ownerOf(other));
  }
}

/** Directories first, then by the column, then by name; numbers in names count as numbers. */
export function sortEntries(
  entries: readonly FileEntry[],
  { key, isDescending }: SortOrder,
): FileEntry[] {
  const direction = isDescending ? -1 : 1;
  return entries.toSorted(
    (one, other) =>
      Number(isDirectory(other)) - Number(isDirectory(one)) ||
      direction * (compare(key, one, other) || collator.compare(one.name, other.name)) ||
      (one.name < other.name ? -1 : 1),
  );
}

/** Without those whose names begin with a dot, unless they are shown. */
export function visibleEntries(
  entries: readonly FileEntry[],
  showHidden: boolean,
): readonly FileEntry[] {
  return showHidden ? entries : entries.filter(({ name }) => !name.startsWith('.'));
}

/** The order after a click on a column: the other way round, or from small to large. */
export function orderAfterClick(order: SortOrder, key: SortKey): SortOrder {
  return order.key === key
    ? { key, isDescending: !order.isDescending }
    : { key, isDescending: false };
}
