/** How a strip scrolls while something is dragged to one of its ends. Pure. All in CSS pixels. */

/** So near to an end, and beyond it, the strip scrolls. */
const edgePx = 32;
const pxPerMs = 0.6;
/** After a longer pause the strip does not leap. */
const maxElapsedMs = 50;

/** How far to scroll after so much time at `x`, to the left below zero. */
export function scrollPxAt(
  { left, right }: { readonly left: number; readonly right: number },
  x: number,
  elapsedMs: number,
): number {
  const px = Math.ceil(pxPerMs * Math.min(elapsedMs, maxElapsedMs));
  if (x < left + edgePx) return -px;
  return x > right - edgePx ? px : 0;
}
