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

/** All stages of an operation that move bytes, taken together. */
export interface OverallProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number | undefined;
  /** Undefined where nobody can tell. */
  readonly leftMs: number | undefined;
}

/** How far an operation is; undefined where fewer than two of its stages move bytes. */
export function addUpStages(
  stages: readonly Stage[],
  rates: Readonly<Record<string, StageRate>> = {},
): OverallProgress | undefined {
  const moving = stages.filter(({ bytesTotal = 0 }) => bytesTotal > 0);
  if (moving.length < 2) return undefined;
  let bytesDone = 0;
  let bytesTotal = 0;
  let speed: number | undefined;
  for (const stage of moving) {
    const total = stage.bytesTotal ?? 0;
    const isOver = stage.state === 'done' || stage.state === 'skipped';
    bytesTotal += total;
    bytesDone += isOver ? total : Math.min(total, stage.bytesDone ?? 0);
    const own = stage.state === 'active' ? rates[stage.key]?.bytesPerSecond : undefined;
    if (own !== undefined) speed = (speed ?? 0) + own;
  }
  const left = bytesTotal - bytesDone;
  const leftMs = speed === undefined || speed <= 0 ? undefined : (left * 1000) / speed;
  return { bytesDone, bytesTotal, bytesPerSecond: speed, leftMs };
}
