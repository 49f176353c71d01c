/** Whole values of the contracts of logs, statistics, commands and starts for tests. */
import type { BootTimeline } from '../../main/contract/boot-timeline.ts';
import type { CommandRun } from '../../main/contract/commands.ts';
import type { LogLine } from '../../main/contract/logs.ts';
import type { StatsSample } from '../../main/contract/stats.ts';

/** A line of the console. */
export function aLogLine(overrides: Partial<LogLine> = {}): LogLine {
  return { sequence: 1, atMs: 1_000, source: 'console', text: 'a line', ...overrides };
}

/** A second of a sandbox that does nothing. */
export function aSample(overrides: Partial<StatsSample> = {}): StatsSample {
  return {
    atMs: 1_000,
    cpuPercent: 0,
    hostMemoryBytes: 0,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 0,
    networkReceivedBytesPerSecond: 0,
    networkSentBytesPerSecond: 0,
    ...overrides,
  };
}

/** A line for the shell that runs. */
export function aCommandRun(overrides: Partial<CommandRun> = {}): CommandRun {
  const line = overrides.line ?? 'true';
  return {
    id: 'run-1',
    command: ['/bin/sh', '-c', line],
    line,
    origin: 'window',
    startedAtMs: 1_000,
    ...overrides,
  };
}

/** A start of one second, most of it the kernel's. */
export function aBoot(overrides: Partial<BootTimeline> = {}): BootTimeline {
  return {
    startedAtMs: 1_000,
    totalMs: 1_000,
    steps: [
      { key: 'qemu', label: 'Start QEMU', startMs: 0, durationMs: 300 },
      { key: 'kernel', label: 'Boot the kernel', startMs: 300, durationMs: 700 },
    ],
    slowest: 'kernel',
    ...overrides,
  };
}
