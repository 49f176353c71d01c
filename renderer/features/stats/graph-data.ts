/** Samples as graphs take them: one list of times, one of values for each line, with gaps. Pure. */
import type { StatsSample } from '../../../main/contract/stats.ts';

/** A value of a sample; undefined where it is not known. */
export type ValueOf = (sample: StatsSample) => number | undefined;

/** Times in seconds since the epoch, then a list of values for each line. */
export type GraphData = [number[], ...(number | null)[][]];

/** More than this many usual steps without a sample is a gap. */
const gapSteps = 2.5;
/** How soon after the last sample a line ends. */
const gapStartMs = 500;

/**
 * The lists for these lines. Where the sandbox did not run there is a moment without values, at
 * which lines are interrupted.
 */
export function graphData(
  series: readonly { readonly samples: readonly StatsSample[]; readonly stepMs: number }[],
  lines: readonly ValueOf[],
): GraphData {
  const times: number[] = [];
  const values: (number | null)[][] = lines.map(() => []);
  let previous: { readonly atMs: number; readonly stepMs: number } | undefined;
  for (const { samples, stepMs } of series) {
    for (const sample of samples) {
      const { atMs } = sample;
      if (previous !== undefined && atMs <= previous.atMs) continue;
      const usualMs = Math.max(stepMs, previous?.stepMs ?? 0);
      if (previous !== undefined && atMs - previous.atMs > gapSteps * usualMs) {
        times.push((previous.atMs + gapStartMs) / 1_000);
        for (const list of values) list.push(null);
      }
      times.push(atMs / 1_000);
      for (const [index, valueOf] of lines.entries()) values[index]?.push(valueOf(sample) ?? null);
      previous = { atMs, stepMs };
    }
  }
  return [times, ...values];
}

/** The sample of a moment in seconds, or the nearest one to it. */
export function sampleAt(
  samples: readonly StatsSample[],
  seconds: number,
): StatsSample | undefined {
  let nearest: StatsSample | undefined;
  for (const sample of samples) {
    const isNearer =
      nearest === undefined ||
      Math.abs(sample.atMs - seconds * 1_000) < Math.abs(nearest.atMs - seconds * 1_000);
    if (isNearer) nearest = sample;
  }
  return nearest;
}
