import { describe, expect, it } from 'vitest';
import { keptSamples, keptThinnedSamples, type StatsEvent } from '../../../main/contract/stats.ts';
import { aSample } from '../../testing/live-builders.ts';
import { applyStats, averageOf, noHistory, type SampleHistory } from './sample-history.ts';

const second = (index: number) =>
  aSample({ atMs: index * 1_000, cpuPercent: index % 10, guestMemoryBytes: index });

describe('applyStats', () => {
  it('begins with the history of the host', () => {
    const event: StatsEvent = {
      type: 'history',
      thinned: [second(1)],
      samples: [second(2)],
    };
    expect(applyStats(noHistory, event)).toEqual({ thinned: [second(1)], samples: [second(2)] });
  });

  it('averages what is older than ten minutes, and keeps no more than an hour', () => {
    let history: SampleHistory = noHistory;
    for (let index = 1; index <= 5_000; index += 1) {
      history = applyStats(history, { type: 'sample', sample: second(index) });
    }
    expect(history.samples.length).toBeGreaterThanOrEqual(keptSamples);
    expect(history.samples.length).toBeLessThan(keptSamples + 10);
    expect(history.samples.at(-1)?.atMs).toBe(5_000_000);
    expect(history.thinned).toHaveLength(keptThinnedSamples);
    expect(history.thinned.at(-1)?.cpuPercent).toBe(4.5);
  });
});

describe('averageOf', () => {
  it('averages what is known', () => {
    const samples = [
      aSample({ guestMemoryBytes: 10 }),
      aSample(),
      aSample({ guestMemoryBytes: 30 }),
    ];
    expect(averageOf(samples)[0]?.guestMemoryBytes).toBe(20);
    expect(averageOf([])).toEqual([]);
  });
});
