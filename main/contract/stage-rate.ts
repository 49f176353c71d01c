import type { Stage } from './operation.ts';

/** How fast a stage moves bytes, as far as its samples tell. */
export interface StageRate {
  readonly bytes: number;
  readonly atMs: number;
  /** Smoothed; undefined until there are two samples. */
  readonly bytesPerSecond: number | undefined;
}

/** Samples closer together than this say more about buffers than about the network. */
const shortestSampleMs = 200;
/** Time in which an old rate fades to a third. */
const smoothingMs = 2_000;

/** The rate after one more look at the stage. */
export function nextStageRate(
  previous: StageRate | undefined,
  bytes: number,
  atMs: number,
): StageRate {
  if (previous === undefined || bytes < previous.bytes) {
    return { bytes, atMs, bytesPerSecond: undefined };
  }
  const elapsedMs = atMs - previous.atMs;
  if (elapsedMs < shortestSampleMs) return previous;
  const sample = ((bytes - previous.bytes) * 1000) / elapsedMs;
  const weight = 1 - Math.exp(-elapsedMs / smoothingMs);
  const old = previous.bytesPerSecond;
  const bytesPerSecond = old === undefined ? sample : old + weight * (sample - old);
  return { bytes, atMs, bytesPerSecond };
}

/** Milliseconds until a stage has moved its bytes; undefined where nobody can tell. */
export function estimateLeftMs(stage: Stage, rate: StageRate | undefined): number | undefined {
  const { bytesDone, bytesTotal } = stage;
  if (bytesDone === undefined || bytesTotal === undefined) return undefined;
  if (rate?.bytesPerSecond === undefined || rate.bytesPerSecond <= 0) return undefined;
  return (Math.max(0, bytesTotal - bytesDone) * 1000) / rate.bytesPerSecond;
}
