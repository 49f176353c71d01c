/** Which rows of a list are selected, as one selects files: one by one, or a range. Pure. */

/** See the head of this file. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins: the last one that was selected by itself. */
  readonly anchor: string | undefined;
}

/** Nothing. */
export const noSelection: Selection = { ids: new Set(), anchor: undefined };

/** One row more or less. */
export function toggleRow({ ids }: Selection, id: string): Selection {
  const toggled = new Set(ids);
  if (!toggled.delete(id)) toggled.add(id);
  return { ids: toggled, anchor: id };
}

/**
 * Every row from the anchor to this one, besides those that are selected; the row alone where there
 * is no anchor among those that are shown.
 * @param shown the ids in the order in which they are seen
 */
export function selectRange(selection: Selection, id: string, shown: readonly string[]): Selection {
  const { ids, anchor = '' } = selection;
  const from = shown.indexOf(anchor);
  const to = shown.indexOf(id);
  if (from === -1 || to === -1) return toggleRow(selection, id);
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...ids, ...range]), anchor };
}

/** All that are shown, or none of them where all are selected. */
export function toggleAll({ ids }: Selection, shown: readonly string[]): Selection {
  const areAll = shown.every((id) => ids.has(id));
  const others = [...ids].filter((id) => !shown.includes(id));
  return { ids: new Set(areAll ? others : [...others, ...shown]), anchor: undefined };
}

/** Whether none, some or all that are shown are selected. */
export function extentOf({ ids }: Selection, shown: readonly string[]): 'none' | 'some' | 'all' {
  const count = shown.filter((id) => ids.has(id)).length;
  if (count === 0) return 'none';
  return count === shown.length ? 'all' : 'some';
}
