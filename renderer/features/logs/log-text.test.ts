import { describe, expect, it } from 'vitest';
import { aLogLine } from '../../testing/live-builders.ts';
import { findLines, formatClock, formatLog, formatOffset, originOf } from './log-text.ts';

describe('formatLog', () => {
  it('writes time, origin and the text without colours', () => {
    const lines = [
      aLogLine({ atMs: 0, source: 'console', text: 'Linux' }),
      aLogLine({ atMs: 1_500, source: 'command', stream: 'stderr', text: '\u001b[31mno\u001b[0m' }),
    ];
    expect(formatLog(lines)).toBe(
      '1970-01-01T00:00:00.000Z console Linux\n1970-01-01T00:00:01.500Z stderr  no\n',
    );
  });
});

describe('times', () => {
  it('are those of the day, or from another moment', () => {
    expect(formatClock(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006');
    expect(formatOffset(3_500, 1_000)).toBe('+2.500');
    expect(formatOffset(0, 1_000)).toBe('-1.000');
  });
});

describe('findLines', () => {
  it('finds whatever the case, through colours', () => {
    const lines = [aLogLine({ text: 'An Err\u001b[1mor' }), aLogLine({ text: 'fine' })];
    expect(findLines(lines, 'eRROR')).toEqual([0]);
    expect(findLines(lines, '')).toEqual([]);
  });
});

describe('originOf', () => {
  it('is the stream of a command', () => {
    expect(originOf(aLogLine({ source: 'command', stream: 'stdout' }))).toBe('stdout');
    expect(originOf(aLogLine({ source: 'agent' }))).toBe('agent');
  });
});
