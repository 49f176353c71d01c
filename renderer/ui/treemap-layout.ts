/** Rectangles whose areas are as amounts are: a squarified treemap (Bruls, Huizing, van Wijk 2000). Pure. */

/** Where a part is, in the units of the whole. */
export interface Tile<Part> {
  readonly part: Part;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Sized {
  readonly amount: number;
}

/**
 * Lays parts out in a rectangle, the largest first, each as near to a square as it goes. Parts of
 * nothing get no place.
 */
export function layOutTreemap<Part extends Sized>(
  parts: readonly Part[],
  width: number,
  height: number,
): readonly Tile<Part>[] {
  const wanted = parts
    .filter(({ amount }) => amount > 0)
    .toSorted((one, other) => other.amount - one.amount);
  const total = wanted.reduce((sum, { amount }) => sum + amount, 0);
  const scale = (width * height) / total;
  const tiles: Tile<Part>[] = [];
  let free = { x: 0, y: 0, width, height };
  let from = 0;
  while (from < wanted.length) {
    const side = Math.min(free.width, free.height);
    let to = from + 1;
    let area = (wanted[from]?.amount ?? 0) * scale;
    // A row takes the next part for as long as its worst tile gets squarer.
    for (let next = wanted[to]; next !== undefined; next = wanted[to]) {
      const wider = area + next.amount * scale;
      const largest = (wanted[from]?.amount ?? 0) * scale;
      const smallest = (wanted[to - 1]?.amount ?? 0) * scale;
      const before = worstRatio(largest, smallest, area, side);
      if (worstRatio(largest, next.amount * scale, wider, side) > before) break;
      area = wider;
      to += 1;
    }
    const isUpright = free.width >= free.height;
    const thickness = side === 0 ? 0 : area / side;
    let along = isUpright ? free.y : free.x;
    for (const part of wanted.slice(from, to)) {
      const length = thickness === 0 ? 0 : (part.amount * scale) / thickness;
      tiles.push(
        isUpright
          ? { part, x: free.x, y: along, width: thickness, height: length }
          : { part, x: along, y: free.y, width: length, height: thickness },
      );
      along += length;
    }
    free = isUpright
      ? { ...free, x: free.x + thickness, width: Math.max(0, free.width - thickness) }
      : { ...free, y: free.y + thickness, height: Math.max(0, free.height - thickness) };
    from = to;
  }
  return tiles;
}

/** The longer side over the shorter one, of the row's least square tile. */
function worstRatio(largest: number, smallest: number, area: number, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (area * area), (area * area) / (square * smallest));
}
