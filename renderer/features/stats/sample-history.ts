/** Samples of a sandbox as they are kept: seconds for ten minutes, averages for the hour. Pure. */
import {
  keptSamples,
  keptThinnedSamples,
  statsIntervalSeconds,
  thinnedIntervalSeconds,
  type StatsEvent,
  type StatsSample,
} from '../../../main/contract/stats.ts';

/** Samples that one average is made of. */
const samplesPerAverage = thinnedIntervalSeconds / statsIntervalSeconds;

/** See the head of this file; both oldest first. */
export interface SampleHistory {
  readonly thinned: readonly StatsSample[];
  readonly samples: readonly StatsSample[];
}

/** Nothing. */
export const noHistory: SampleHistory = { thinned: [], samples: [] };

/** The history after an event; what is older than ten minutes is averaged, as the host does. */
export function applyStats(history: SampleHistory, event: StatsEvent): SampleHistory {
  if (event.type === 'history') return { thinned: event.thinned, samples: event.samples };
  const samples = [...history.samples, event.sample];
  if (samples.length < keptSamples + samplesPerAverage) return { ...history, samples };
  const average = averageOf(samples.slice(0, samplesPerAverage));
  return {
    thinned: [...history.thinned, ...average].slice(-keptThinnedSamples),
    samples: samples.slice(samplesPerAverage),
  };
}

/** One sample for several, at the time of the last; nothing for none. */
export function averageOf(samples: readonly StatsSample[]): readonly StatsSample[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  const averaged = Object.entries(last).map(([key]) => {
    const values = samples.flatMap((sample) => sample[key as keyof StatsSample] ?? []);
    return [key, values.reduce((sum, value) => sum + value, 0) / values.length] as const;
  });
  return [{ ...last, ...Object.fromEntries(averaged), atMs: last.atMs }];
}
