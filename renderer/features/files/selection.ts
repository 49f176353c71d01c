/** Which names of a list are chosen, as file managers do it (WAI-ARIA grid patterns). Pure. */

/** `cursor` is where the keyboard is; a range goes from `anchor` to it. */
export interface Selection {
  readonly names: ReadonlySet<string>;
  readonly anchor: string | undefined;
  readonly cursor: string | undefined;
}

/** How a click or key changes what is chosen. */
export type SelectionMode = 'only' | 'toggle' | 'range' | 'cursor';

/** Nothing. */
export const emptySelection: Selection = { names: new Set(), anchor: undefined, cursor: undefined };

/** A single name. */
export function selectOnly(name: string): Selection {
  return { names: new Set([name]), anchor: name, cursor: name };
}

/** Every name; the cursor stays. */
export function selectAll(selection: Selection, order: readonly string[]): Selection {
  return { ...selection, names: new Set(order), anchor: selection.anchor ?? order[0] };
}

/** What is chosen after `name` was clicked or reached; `order` is the list as it is shown. */
export function select(
  selection: Selection,
  order: readonly string[],
  name: string,
  mode: SelectionMode,
): Selection {
  switch (mode) {
    case 'only':
      return selectOnly(name);
    case 'cursor':
      return { ...selection, anchor: name, cursor: name };
    case 'toggle': {
      const names = new Set(selection.names);
      if (!names.delete(name)) names.add(name);
      return { names, anchor: name, cursor: name };
    }
    case 'range': {
      const anchor = selection.anchor ?? order[0] ?? name;
      const ends = [Math.max(0, order.indexOf(anchor)), order.indexOf(name)].toSorted(
        (one, other) => one - other,
      );
      return { names: new Set(order.slice(ends[0], (ends[1] ?? 0) + 1)), anchor, cursor: name };
    }
  }
}

/** What is left of it in a list that has changed. */
export function keepListed(selection: Selection, order: readonly string[]): Selection {
  const listed = new Set(order);
  const has = (name: string | undefined) =>
    name !== undefined && listed.has(name) ? name : undefined;
  const names = new Set([...selection.names].filter((name) => listed.has(name)));
  const { anchor, cursor } = selection;
  if (names.size === selection.names.size && has(anchor) === anchor && has(cursor) === cursor) {
    return selection;
  }
  return { names, anchor: has(anchor), cursor: has(cursor) };
}

/**
 * The next name that begins with what was typed, from the cursor on and around; one letter typed
 * again goes to the next one.
 */
export function findTyped(
  order: readonly string[],
  cursor: string | undefined,
  typed: string,
): string | undefined {
  const wanted = typed.toLowerCase();
  const isRepeated = new Set(wanted).size === 1;
  const prefix = isRepeated ? wanted.slice(0, 1) : wanted;
  const at = cursor === undefined ? -1 : order.indexOf(cursor);
  const from = isRepeated ? at + 1 : Math.max(0, at);
  return [...order.slice(from), ...order.slice(0, from)].find((name) =>
    name.toLowerCase().startsWith(prefix),
  );
}
