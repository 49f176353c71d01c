import type { StatsSample } from '../../../contract/stats.ts';

/** A sample of a machine that does nothing; a test names what matters to it. */
export function aSample(values: Partial<StatsSample>): StatsSample {
  return {
    ...{ atMs: 0, cpuPercent: 0, hostMemoryBytes: 0 },
    ...{ diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 0 },
    ...{ networkReceivedBytesPerSecond: 0, networkSentBytesPerSecond: 0 },
    ...values,
  };
}
