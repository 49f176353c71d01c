/** How the terminals of one tab share its area: a tree of rows and columns. Pure. */

/** Side by side, or one above the other. */
export type SplitDirection = 'row' | 'column';

/** Where one looks from a terminal. */
export type FocusDirection = 'left' | 'right' | 'up' | 'down';

/** One terminal. */
export interface LayoutLeaf {
  readonly kind: 'leaf';
  readonly terminalId: string;
}

/** At least two parts in one direction; none of them is a split in the same direction. */
export interface LayoutSplit {
  readonly kind: 'split';
  readonly id: string;
  readonly direction: SplitDirection;
  readonly children: readonly LayoutNode[];
  /** One for each child, in percent; together 100. */
  readonly sizes: readonly number[];
}

/** See {@link LayoutLeaf} and {@link LayoutSplit}. */
export type LayoutNode = LayoutLeaf | LayoutSplit;

/** An area, from 0 to 1 in both directions. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A layout of one terminal. */
export function leafOf(terminalId: string): LayoutLeaf {
  return { kind: 'leaf', terminalId };
}

/** The terminals of a layout, from the left to the right and from the top to the bottom. */
export function terminalsOf(layout: LayoutNode): readonly string[] {
  return layout.kind === 'leaf' ? [layout.terminalId] : layout.children.flatMap(terminalsOf);
}

/** Halves the area of `besideId`; the new terminal comes after it. */
export function splitBeside(
  layout: LayoutNode,
  besideId: string,
  terminalId: string,
  direction: SplitDirection,
  splitId: string = crypto.randomUUID(),
): LayoutNode {
  if (layout.kind === 'leaf') {
    if (layout.terminalId !== besideId) return layout;
    const children = [layout, leafOf(terminalId)];
    return { kind: 'split', id: splitId, direction, children, sizes: [50, 50] };
  }
  const parts = layout.children.map((child, index) => {
    const size = layout.sizes[index] ?? 0;
    const isHere = child.kind === 'leaf' && child.terminalId === besideId;
    if (isHere && layout.direction === direction) {
      return [
        { child, size: size / 2 },
        { child: leafOf(terminalId), size: size / 2 },
      ];
    }
    return [{ child: splitBeside(child, besideId, terminalId, direction, splitId), size }];
  });
  return rebuild(layout, parts.flat());
}

/** Takes a terminal out; its neighbours share its area. Undefined where it was the only one. */
export function withoutTerminal(layout: LayoutNode, terminalId: string): LayoutNode | undefined {
  if (layout.kind === 'leaf') return layout.terminalId === terminalId ? undefined : layout;
  const parts = layout.children.flatMap((child, index) => {
    const rest = withoutTerminal(child, terminalId);
    return rest === undefined ? [] : [{ child: rest, size: layout.sizes[index] ?? 0 }];
  });
  const [only] = parts;
  if (only === undefined) return undefined;
  return parts.length === 1 ? only.child : rebuild(layout, parts);
}

/** Gives the parts of one split other sizes; anything that is not sizes of it changes nothing. */
export function withSizes(
  layout: LayoutNode,
  splitId: string,
  sizes: readonly number[],
): LayoutNode {
  if (layout.kind === 'leaf') return layout;
  if (layout.id === splitId) {
    const fits =
      sizes.length === layout.children.length &&
      sizes.every((size) => Number.isFinite(size) && size > 0);
    return fits ? { ...layout, sizes: toPercent(sizes) } : layout;
  }
  const children = layout.children.map((child) => withSizes(child, splitId, sizes));
  return { ...layout, children };
}

/** The terminal that follows when this one goes: the next one in its tab, or the one before. */
export function neighbourOf(layout: LayoutNode, terminalId: string): string | undefined {
  const all = terminalsOf(layout);
  const index = all.indexOf(terminalId);
  return all[index + 1] ?? all[index - 1];
}

/** The nearest terminal in a direction, the one that shares the most of the edge. */
export function terminalTowards(
  layout: LayoutNode,
  terminalId: string,
  direction: FocusDirection,
): string | undefined {
  const areas = areasOf(layout, { left: 0, top: 0, width: 1, height: 1 });
  const from = areas.get(terminalId);
  if (from === undefined) return undefined;
  const candidates = [...areas].flatMap(([id, area]) => {
    const { distance, overlap } = relate(from, area, direction);
    return distance > -tolerance && overlap > tolerance ? [{ id, distance, overlap }] : [];
  });
  candidates.sort((a, b) =>
    Math.abs(a.distance - b.distance) > tolerance ? a.distance - b.distance : b.overlap - a.overlap,
  );
  return candidates[0]?.id;
}

/** Sums of percentages are not exact. */
const tolerance = 1e-6;

function relate(from: Area, to: Area, direction: FocusDirection) {
  const isSideways = direction === 'left' || direction === 'right';
  const overlap = isSideways
    ? Math.min(from.top + from.height, to.top + to.height) - Math.max(from.top, to.top)
    : Math.min(from.left + from.width, to.left + to.width) - Math.max(from.left, to.left);
  const distance = {
    left: from.left - (to.left + to.width),
    right: to.left - (from.left + from.width),
    up: from.top - (to.top + to.height),
    down: to.top - (from.top + from.height),
  }[direction];
  return { distance, overlap };
}

function areasOf(layout: LayoutNode, area: Area): Map<string, Area> {
  if (layout.kind === 'leaf') return new Map([[layout.terminalId, area]]);
  const areas = new Map<string, Area>();
  let offset = 0;
  for (const [index, child] of layout.children.entries()) {
    const share = (layout.sizes[index] ?? 0) / 100;
    const part =
      layout.direction === 'row'
        ? { ...area, left: area.left + offset * area.width, width: area.width * share }
        : { ...area, top: area.top + offset * area.height, height: area.height * share };
    for (const entry of areasOf(child, part)) areas.set(...entry);
    offset += share;
  }
  return areas;
}

interface Part {
  readonly child: LayoutNode;
  readonly size: number;
}

/** A split of these parts; a part that is a split in the same direction gives way to its own. */
function rebuild(split: LayoutSplit, parts: readonly Part[]): LayoutSplit {
  const flat = parts.flatMap(({ child, size }): readonly Part[] =>
    child.kind === 'split' && child.direction === split.direction
      ? child.children.map((inner, index) => ({
          child: inner,
          size: (size * (child.sizes[index] ?? 0)) / 100,
        }))
      : [{ child, size }],
  );
  const sizes = toPercent(flat.map(({ size }) => size));
  return { ...split, children: flat.map(({ child }) => child), sizes };
}

function toPercent(sizes: readonly number[]): readonly number[] {
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.map((size) => (sum > 0 ? (size / sum) * 100 : 100 / sizes.length));
}
