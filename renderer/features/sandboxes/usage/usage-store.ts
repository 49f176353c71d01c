/** What every sandbox uses now and used in the last minute, for the list and the overview. */
import { createStore } from 'zustand/vanilla';
import type { StatsOverview, StatsSample } from '../../../../main/contract/stats.ts';

/** Samples that are kept of each. */
export const keptUsage = 60;

/** Milliseconds without a sample that are a gap. */
const gapMs = 3_000;

/** Oldest first; undefined where it was not measured. Never empty. */
export type Usage = readonly (StatsSample | undefined)[];

/** See the head of this file. */
export interface UsageState {
  readonly byName: ReadonlyMap<string, Usage>;
}

/** Makes a store without samples. */
export function createUsageStore() {
  return createStore<UsageState>(() => ({ byName: new Map() }));
}

/** A store of {@link createUsageStore}. */
export type UsageStore = ReturnType<typeof createUsageStore>;

/** The window's own. */
export const usageStore = createUsageStore();

/** Takes a second over; what does not run is forgotten. */
export function applyUsage(store: UsageStore, overview: StatsOverview): void {
  store.setState(({ byName }) => ({
    byName: new Map(
      Object.entries(overview).map(([name, sample]) => [
        name,
        appendUsage(byName.get(name) ?? [], sample),
      ]),
    ),
  }));
}

function appendUsage(usage: Usage, sample: StatsSample): Usage {
  const last = usage.at(-1);
  // The same one again: where one looks anew, or where the host had no newer one.
  if (last !== undefined && sample.atMs <= last.atMs) return usage;
  const isGap = last !== undefined && sample.atMs - last.atMs > gapMs;
  return [...usage, ...(isGap ? [undefined] : []), sample].slice(-keptUsage);
}

/** The last minute of one sandbox. */
export const selectUsage =
  (name: string) =>
  ({ byName }: UsageState): Usage | undefined =>
    byName.get(name);
