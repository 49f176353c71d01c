/** The samples of a sandbox: ten minutes of each second, and an hour of averages. Pure. */
import {
  keptSamples,
  keptThinnedSamples,
  thinnedIntervalSeconds,
  type StatsSample,
} from '../../../contract/stats.ts';

/** See the head of this file. */
export class StatsHistory {
  #samples: StatsSample[] = [];
  #thinned: StatsSample[] = [];
  /** Those of the latest samples that are in no average. */
  #unthinned: StatsSample[] = [];

  get latest(): StatsSample | undefined {
    return this.#samples.at(-1);
  }

  add(sample: StatsSample): void {
    this.#samples = withLast(this.#samples, sample, keptSamples);
    const [first] = this.#unthinned;
    // A sandbox that was stopped meanwhile begins an average of its own.
    const isOver = first !== undefined && sample.atMs - first.atMs >= thinnedIntervalSeconds * 1000;
    if (isOver) {
      this.#thinned = withLast(this.#thinned, average(this.#unthinned), keptThinnedSamples);
      this.#unthinned = [];
    }
    this.#unthinned.push(sample);
  }

  /** Oldest first; no time is in both. */
  all(): { readonly thinned: StatsSample[]; readonly samples: StatsSample[] } {
    const beginMs = this.#samples[0]?.atMs ?? Infinity;
    return {
      thinned: this.#thinned.filter(({ atMs }) => atMs < beginMs),
      samples: [...this.#samples],
    };
  }
}

function withLast(list: StatsSample[], sample: StatsSample, kept: number): StatsSample[] {
  list.push(sample);
  return list.length > kept ? list.slice(-kept) : list;
}

/** Of each value over those that have it, at the time of the last one. */
export function average(samples: readonly StatsSample[]): StatsSample {
  const last = samples.at(-1);
  if (last === undefined) throw new Error('There is no average of nothing.');
  const keys = new Set(samples.flatMap((sample) => Object.keys(sample) as (keyof StatsSample)[]));
  const means = [...keys].map((key) => {
    const values = samples.flatMap((sample) => sample[key] ?? []);
    return [key, values.reduce((sum, value) => sum + value, 0) / values.length] as const;
  });
  return { ...last, ...Object.fromEntries(means), atMs: last.atMs };
}
