/** What is measured, by graph: its lines, their colours and how their values are written. Pure. */
import type { StatsSample } from '../../../main/contract/stats.ts';
import { formatBytes } from '../../ui/format.ts';
import { formatPercent, formatRate } from '../../ui/format-rate.ts';
import type { ValueOf } from './graph-data.ts';

/** A line of a graph; its name is a word of `stats:lines`. */
export interface Line {
  readonly key:
    'cpu' | 'guestMemory' | 'hostMemory' | 'diskRead' | 'diskWrite' | 'networkIn' | 'networkOut';
  readonly colour: '--accent' | '--busy' | '--ok' | '--warn';
  readonly isDashed?: true;
  readonly valueOf: ValueOf;
}

/** A graph; its title is a word of `stats:graphs`. */
export interface Metric {
  readonly key: 'cpu' | 'memory' | 'disk' | 'network';
  readonly unit: 'percent' | 'bytes' | 'rate';
  readonly lines: readonly Line[];
  /** The highest value that there can be, or undefined where there is no such. */
  readonly topOf: (sample: StatsSample | undefined) => number | undefined;
}

/** Every graph. @param cpus of the sandbox, for its part of a hundred */
export function metricsOf(cpus: number): readonly Metric[] {
  return [
    {
      key: 'cpu',
      unit: 'percent',
      topOf: () => 100,
      lines: [
        {
          ...{ key: 'cpu', colour: '--accent' },
          valueOf: ({ cpuPercent }) => Math.min(100, cpuPercent / cpus),
        },
      ],
    },
    {
      key: 'memory',
      unit: 'bytes',
      topOf: (sample) => sample?.guestMemoryTotalBytes,
      lines: [
        {
          ...{ key: 'guestMemory', colour: '--busy' },
          valueOf: ({ guestMemoryBytes }) => guestMemoryBytes,
        },
        {
          ...{ key: 'hostMemory', colour: '--accent', isDashed: true },
          valueOf: ({ hostMemoryBytes }) => hostMemoryBytes,
        },
      ],
    },
    {
      key: 'disk',
      unit: 'rate',
      topOf: () => undefined,
      lines: [
        {
          ...{ key: 'diskRead', colour: '--ok' },
          valueOf: ({ diskReadBytesPerSecond }) => diskReadBytesPerSecond,
        },
        {
          ...{ key: 'diskWrite', colour: '--warn', isDashed: true },
          valueOf: ({ diskWriteBytesPerSecond }) => diskWriteBytesPerSecond,
        },
      ],
    },
    {
      key: 'network',
      unit: 'rate',
      topOf: () => undefined,
      lines: [
        {
          ...{ key: 'networkIn', colour: '--accent' },
          valueOf: ({ networkReceivedBytesPerSecond }) => networkReceivedBytesPerSecond,
        },
        {
          ...{ key: 'networkOut', colour: '--busy', isDashed: true },
          valueOf: ({ networkSentBytesPerSecond }) => networkSentBytesPerSecond,
        },
      ],
    },
  ];
}

/** A value in its unit. */
export function formatValue(value: number, unit: Metric['unit']): string {
  if (unit === 'percent') return formatPercent(value);
  return unit === 'rate' ? formatRate(value) : formatBytes(value);
}
