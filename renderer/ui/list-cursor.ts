/** Where the keyboard is in a list, and where a key leads (WAI-ARIA list and grid patterns). Pure. */

/** Where a key of movement leads from the cursor; undefined where it is none or the list is empty. */
export function moveCursor(
  cursor: string | undefined,
  order: readonly string[],
  key: string,
  pageRows: number,
): string | undefined {
  const last = order.length - 1;
  const at = cursor === undefined ? -1 : order.indexOf(cursor);
  const target = {
    ArrowDown: at + 1,
    ArrowUp: at === -1 ? last : at - 1,
    Home: 0,
    End: last,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
  }[key];
  return target === undefined ? undefined : order[Math.min(last, Math.max(0, target))];
}
