/** How high the panel is. Pure. All in CSS pixels. */

const smallest = 96;
/** The part of the window that the page above keeps, so that it is never covered. */
const reservedShare = 0.35;
const step = 24;

/** The nearest height that leaves both the panel and the page usable. */
export function clampPanelHeight(heightPx: number, availablePx: number): number {
  const { min, max } = panelRange(availablePx);
  return Math.round(Math.max(min, Math.min(heightPx, max)));
}

/** Smallest and largest height for the separator's range. */
export function panelRange(availablePx: number): { readonly min: number; readonly max: number } {
  return { min: smallest, max: Math.max(smallest, Math.floor(availablePx * (1 - reservedShare))) };
}

/** Where a key on the separator takes the panel; undefined for a key that is not its. */
export function panelHeightAfterKey(
  key: string,
  heightPx: number,
  availablePx: number,
): number | undefined {
  const { min, max } = panelRange(availablePx);
  switch (key) {
    case 'ArrowUp':
      return clampPanelHeight(heightPx + step, availablePx);
    case 'ArrowDown':
      return clampPanelHeight(heightPx - step, availablePx);
    case 'Home':
      return min;
    case 'End':
      return max;
    default:
      return undefined;
  }
}
