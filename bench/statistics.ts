/** The middle of a list of numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('A median needs at least one value.');
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return (lower + upper) / 2;
}

/** The value that this share of a list of numbers does not exceed: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('A percentile needs at least one value.');
  return value;
}

/** One line of the benchmark's result. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number;
  /** `ours` divided by `baseline`. */
  readonly ratio: number;
  readonly unit: 's' | 'ms' | 'MiB' | 'files' | 'threads';
  /** What the baseline is, in words. */
  readonly against: string;
}

/**
 * Runs both sides in turn, the order swapped each round, and takes the medians.
 * Each side returns its own measure, so that what it prepares does not count.
 */
export async function compare(
  about: Pick<Figure, 'name' | 'unit' | 'against'>,
  rounds: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Figure> {
  const oursValues: number[] = [];
  const baselineValues: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sides = [
      async () => oursValues.push(await ours()),
      async () => baselineValues.push(await baseline()),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    const latest = `${String(oursValues.at(-1))} / ${String(baselineValues.at(-1))}`;
    process.stderr.write(`  ${about.name} ${String(round + 1)}/${String(rounds)}: ${latest}\n`);
  }
  return figure(about, median(oursValues), median(baselineValues));
}

/** A figure of two numbers that were measured in the same run. */
export function figure(
  about: Pick<Figure, 'name' | 'unit' | 'against'>,
  ours: number,
  baseline: number,
): Figure {
  const round = (value: number): number => Number(value.toPrecision(4));
  return { ...about, ours: round(ours), baseline: round(baseline), ratio: round(ours / baseline) };
}
