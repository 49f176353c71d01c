/** The shape of a small graph. Pure. */

/** The paths of SVG for a line and the area below it; a gap interrupts both. */
export function sparkPath(
  values: readonly (number | undefined)[],
  frame: {
    /** Values that fill the width; fewer end at the right. */
    readonly length: number;
    /** The value at the top; a higher one raises it. */
    readonly top: number;
    readonly width: number;
    readonly height: number;
  },
): { readonly line: string; readonly area: string } {
  const { length, width, height } = frame;
  const shown = values.slice(-length);
  const top = Math.max(frame.top, ...shown.map((value) => value ?? 0));
  const step = width / Math.max(1, length - 1);
  const offset = length - shown.length;
  const x = (index: number) => round((offset + index) * step);
  const y = (value: number) => round(height - 1 - (top === 0 ? 0 : value / top) * (height - 2));
  const lines: string[] = [];
  const areas: string[] = [];
  for (const [from, to] of runsOf(shown)) {
    const points = shown
      .slice(from, to)
      .map((value, index) => `${x(from + index)},${y(value ?? 0)}`)
      .join('L');
    lines.push(`M${points}`);
    areas.push(`M${x(from)},${String(height)}L${points}L${x(to - 1)},${String(height)}Z`);
  }
  return { line: lines.join(''), area: areas.join('') };
}

/** Where values follow each other without a gap: from, and up to without it. */
function runsOf(values: readonly (number | undefined)[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    const last = runs.at(-1);
    if (value === undefined) continue;
    if (last?.[1] === index) last[1] = index + 1;
    else runs.push([index, index + 1]);
  }
  return runs;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
