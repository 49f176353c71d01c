import { describe, expect, it } from 'vitest';
import { keptSamples, keptThinnedSamples } from '../../../contract/stats.ts';
import { aSample } from '../testing/a-sample.ts';
import { CounterRate } from './counter-rate.ts';
import { average, StatsHistory } from './stats-history.ts';

describe('StatsHistory', () => {
  it('has ten minutes of seconds, and averages for the hour before them', () => {
    const history = new StatsHistory();
    const seconds = 5000;
    for (let at = 1; at <= seconds; at++) history.add(aSample({ atMs: at * 1000, cpuPercent: at }));
    const { thinned, samples } = history.all();
    expect(samples).toHaveLength(keptSamples);
    expect(samples.at(-1)?.atMs).toBe(seconds * 1000);
    expect(history.latest).toBe(samples.at(-1));
    const times = [...thinned, ...samples].map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(thinned.at(-1)?.atMs).toBeGreaterThan((samples[0]?.atMs ?? 0) - 11_000);
    // The latest ten seconds are in no average yet.
    expect(thinned.length).toBe(keptThinnedSamples - keptSamples / 10 + 1);
    expect(thinned[0]?.cpuPercent).toBe((thinned[0]?.atMs ?? 0) / 1000 - 4.5);
  });

  it('makes no average over the time that a sandbox was stopped', () => {
    const history = new StatsHistory();
    for (const atMs of [0, 1000, 3_600_000]) history.add(aSample({ atMs, cpuPercent: atMs }));
    for (let at = 0; at < keptSamples; at++) history.add(aSample({ atMs: 3_601_000 + at * 1000 }));
    expect(history.all().thinned[0]).toMatchObject({ atMs: 1000, cpuPercent: 500 });
  });

  it('averages over those that know a value', () => {
    const samples = [aSample({ processes: 2 }), aSample({}), aSample({ processes: 4, atMs: 9 })];
    expect(average(samples)).toEqual(aSample({ processes: 3, atMs: 9 }));
  });
});

describe('CounterRate', () => {
  it('is of the latest two readings, and never below nothing', () => {
    const rate = new CounterRate();
    expect(rate.read(1_000_000, 0)).toBe(0);
    expect(rate.read(1_000_500, 500)).toBe(1000);
    expect(rate.read(1_000_500, 500)).toBe(1000);
    expect(rate.read(7, 1000)).toBe(0);
    expect(rate.read(17, 2000)).toBe(10);
    expect(rate.perSecond).toBe(10);
  });
});
