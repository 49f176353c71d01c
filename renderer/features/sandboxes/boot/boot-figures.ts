/** What the steps of a start say, beside those of earlier starts. Pure. */
import type { BootStep, BootTimeline } from '../../../../main/contract/boot-timeline.ts';

/** One step as it is drawn; parts are of the whole, from 0 to 1. */
export interface StepFigure {
  readonly step: BootStep;
  readonly from: number;
  readonly part: number;
  /** Milliseconds; undefined where no earlier start that worked had it. */
  readonly median: number | undefined;
  readonly isSlowest: boolean;
}

/** The steps of a start, in the order of their beginnings. @param earlier the starts before it */
export function stepFigures(
  boot: BootTimeline,
  earlier: readonly BootTimeline[],
): readonly StepFigure[] {
  const ends = boot.steps.map(({ startMs, durationMs }) => startMs + durationMs);
  const whole = Math.max(1, boot.totalMs, ...ends);
  return boot.steps
    .map((step) => ({
      step,
      from: step.startMs / whole,
      part: step.durationMs / whole,
      isSlowest: step.key === boot.slowest,
      median: median(
        succeeded(earlier).flatMap(({ steps }) =>
          steps.flatMap(({ key, durationMs }) => (key === step.key ? [durationMs] : [])),
        ),
      ),
    }))
    .toSorted((one, other) => one.step.startMs - other.step.startMs);
}

/** How long a start of before took, by the median of those that worked. */
export function medianTotal(earlier: readonly BootTimeline[]): number | undefined {
  return median(succeeded(earlier).map(({ totalMs }) => totalMs));
}

/** The step that took longest, and whether it took more than half of the time. */
export function slowestOf(
  boot: BootTimeline,
): { readonly step: BootStep; readonly isMost: boolean } | undefined {
  const step = boot.steps.find(({ key }) => key === boot.slowest);
  return step && { step, isMost: step.durationMs * 2 > boot.totalMs };
}

function succeeded(boots: readonly BootTimeline[]): readonly BootTimeline[] {
  return boots.filter(({ failure }) => failure === undefined);
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
