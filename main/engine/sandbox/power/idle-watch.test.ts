import { describe, expect, it } from 'vitest';
import type { StatsSample } from '../../../contract/stats.ts';
import { silentLogger } from '../../base/logger.ts';
import { IdleSpan } from './idle-span.ts';
import { IdleWatch } from './idle-watch.ts';

const minuteMs = 60_000;

function aSample(atMs: number, change: Partial<StatsSample> = {}): StatsSample {
  return {
    ...{ atMs, cpuPercent: 1, hostMemoryBytes: 1 },
    ...{ diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 0 },
    ...{ networkReceivedBytesPerSecond: 50, networkSentBytesPerSecond: 50 },
    ...change,
  };
}

describe('IdleSpan', () => {
  /** Takes samples from second to second; the last answer. */
  function pass(
    span: IdleSpan,
    from: number,
    to: number,
    change: Partial<StatsSample> = {},
  ): number {
    let idleMs = 0;
    for (let second = from; second <= to; second += 1) {
      idleMs = span.take(aSample(second * 1000, change), undefined);
    }
    return idleMs;
  }

  it('counts from the first sample', () => {
    expect(pass(new IdleSpan(), 0, 90)).toBe(90_000);
  });

  it.each<[string, Partial<StatsSample>]>([
    ['a busy processor', { cpuPercent: 60 }],
    ['traffic', { networkReceivedBytesPerSecond: 20_000 }],
    ['writing', { diskWriteBytesPerSecond: 2_000_000 }],
    ['reading', { diskReadBytesPerSecond: 2_000_000 }],
  ])('begins again after %s', (_what, change) => {
    const span = new IdleSpan();
    pass(span, 0, 100);
    expect(pass(span, 101, 130, change)).toBe(0);
    const after = pass(span, 131, 400);
    expect(after).toBeGreaterThan(100_000);
    expect(after).toBeLessThan(270_000);
  });

  it('passes over one busy second', () => {
    const span = new IdleSpan();
    pass(span, 0, 100);
    pass(span, 101, 101, { cpuPercent: 90 });
    expect(pass(span, 102, 120)).toBe(120_000);
  });

  it('counts from when someone was there last', () => {
    const span = new IdleSpan();
    pass(span, 0, 99);
    expect(span.take(aSample(100_000), 70_000)).toBe(30_000);
  });

  it('begins again when the host has slept', () => {
    const span = new IdleSpan();
    pass(span, 0, 100);
    expect(pass(span, 4000, 4010)).toBe(10_000);
  });
});

describe('IdleWatch', () => {
  function watch(limit = 2) {
    const suspended: string[] = [];
    const said: string[] = [];
    const around = {
      limit: limit as number | undefined,
      usedAtMs: undefined as number | undefined,
      failure: undefined as Error | undefined,
    };
    const idle = new IdleWatch({
      limitMinutes: () => around.limit,
      usedAtMs: () => around.usedAtMs,
      suspend: (name) => {
        suspended.push(name);
        return around.failure === undefined ? Promise.resolve() : Promise.reject(around.failure);
      },
      logger: { ...silentLogger, warn: (message) => said.push(message) },
    });
    return { idle, around, suspended, said };
  }

  it('suspends once when the time is over, and not before', async () => {
    const { idle, suspended } = watch();
    for (let second = 0; second < 120; second += 1) idle.take('1', 'web', aSample(second * 1000));
    expect(suspended).toEqual([]);
    idle.take('1', 'web', aSample(2 * minuteMs));
    idle.take('1', 'web', aSample(2 * minuteMs + 1000));
    await Promise.resolve();
    expect(suspended).toEqual(['web']);
  });

  it('leaves those alone that do not want it, and begins when they do', () => {
    const { idle, around, suspended } = watch();
    around.limit = undefined;
    for (let second = 0; second < 600; second += 1) idle.take('1', 'web', aSample(second * 1000));
    around.limit = 1;
    idle.take('1', 'web', aSample(600_000));
    expect(suspended).toEqual([]);
    for (let second = 601; second <= 660; second += 1)
      idle.take('1', 'web', aSample(second * 1000));
    expect(suspended).toEqual(['web']);
  });

  it('says once that it cannot, and tries again only after something was done', async () => {
    const { idle, around, suspended, said } = watch();
    around.failure = new Error('Directories are shared.');
    const run = async (from: number, to: number): Promise<void> => {
      for (let second = from; second <= to; second += 1) {
        idle.take('1', 'web', aSample(second * 1000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await run(0, 200);
    expect(suspended).toHaveLength(1);
    around.usedAtMs = 200_000;
    await run(201, 340);
    expect(suspended).toHaveLength(2);
    expect(said).toHaveLength(1);
  });
});
