import { describe, expect, it } from 'vitest';
import { aSample } from '../../testing/live-builders.ts';
import { graphData, sampleAt } from './graph-data.ts';

const at = (seconds: number, cpuPercent = seconds) =>
  aSample({ atMs: seconds * 1_000, cpuPercent });
const cpu = ({ cpuPercent }: { readonly cpuPercent: number }) => cpuPercent;

describe('graphData', () => {
  it('lists times and values, without one for what is not known', () => {
    const samples = [at(1), { ...at(2), guestMemoryBytes: 5 }];
    expect(
      graphData([{ samples, stepMs: 1_000 }], [cpu, ({ guestMemoryBytes }) => guestMemoryBytes]),
    ).toEqual([
      [1, 2],
      [1, 2],
      [null, 5],
    ]);
  });

  it('interrupts lines where it did not run, and not where a second was missed', () => {
    expect(graphData([{ samples: [at(1), at(3), at(60)], stepMs: 1_000 }], [cpu])).toEqual([
      [1, 3, 3.5, 60],
      [1, 3, null, 60],
    ]);
  });

  it('goes on from averages to seconds without a gap', () => {
    const thinned = { samples: [at(10), at(20)], stepMs: 10_000 };
    expect(graphData([thinned, { samples: [at(30), at(31)], stepMs: 1_000 }], [cpu])).toEqual([
      [10, 20, 30, 31],
      [10, 20, 30, 31],
    ]);
  });

  it('leaves out what is not later than the one before', () => {
    const thinned = { samples: [at(10), at(20)], stepMs: 10_000 };
    const [times] = graphData([thinned, { samples: [at(19), at(21)], stepMs: 1_000 }], [cpu]);
    expect(times).toEqual([10, 20, 21]);
  });
});

describe('sampleAt', () => {
  it('is the nearest', () => {
    expect(sampleAt([at(1), at(5)], 2)?.cpuPercent).toBe(1);
    expect(sampleAt([at(1), at(5)], 4)?.cpuPercent).toBe(5);
    expect(sampleAt([], 4)).toBeUndefined();
  });
});
