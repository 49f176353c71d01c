import { describe, expect, it } from 'vitest';
import { questionOf, wholeLog, type LogFilter } from './log-filter.ts';

const now = 10_000_000;
const ask = (filter: Partial<LogFilter>, startedAtMs?: number) =>
  questionOf('box', { ...wholeLog, ...filter }, now, startedAtMs);

describe('questionOf', () => {
  it('asks for all lines', () => {
    expect(ask({})).toEqual({ name: 'box' });
  });

  it('asks for a source, and for a stream where there are some', () => {
    expect(ask({ source: 'command', stream: 'stderr' })).toEqual({
      name: 'box',
      sources: ['command'],
      stream: 'stderr',
    });
    expect(ask({ source: 'console', stream: 'stderr' })).toEqual({
      name: 'box',
      sources: ['console'],
    });
  });

  it('lets the host search only where other lines are not wanted', () => {
    expect(ask({ search: 'oops' })).toEqual({ name: 'box', search: 'oops' });
    expect(ask({ search: 'oops', isNarrowed: false })).toEqual({ name: 'box' });
  });

  it('turns ranges into moments', () => {
    expect(ask({ range: 'minutes' }).fromMs).toBe(now - 300_000);
    expect(ask({ range: 'hour' }).fromMs).toBe(now - 3_600_000);
    expect(ask({ range: 'start' }, 77).fromMs).toBe(77);
    expect(ask({ range: 'start' })).toEqual({ name: 'box' });
    expect(ask({ range: 'custom', from: '2026-01-02T03:04:05', to: '' })).toEqual({
      name: 'box',
      fromMs: new Date(2026, 0, 2, 3, 4, 5).getTime(),
    });
  });
});
