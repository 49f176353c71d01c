import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

/** 8 Mbit/s are 1000 bytes in a millisecond. */
const megabits = 8;

describe('a rate limit', () => {
  it('lets a burst pass at once and makes what follows wait', () => {
    const limit = new RateLimit(megabits, 0);
    limit.use(49_000);
    expect(limit.waitMs(0)).toBe(0);
    limit.use(11_000);
    expect(limit.waitMs(0)).toBe(11);
    expect(limit.waitMs(5)).toBe(6);
    expect(limit.waitMs(11)).toBe(0);
  });

  it('saves no more than a burst while nothing is used', () => {
    const limit = new RateLimit(megabits, 0);
    expect(limit.waitMs(60_000)).toBe(0);
    limit.use(50_000);
    expect(limit.waitMs(60_000)).toBeGreaterThan(0);
  });

  it('lets a whole packet pass however low it is', () => {
    const limit = new RateLimit(0.1, 0);
    limit.use(1499);
    expect(limit.waitMs(0)).toBe(0);
  });

  it('is none where none is wanted', () => {
    const limit = new RateLimit(undefined, 0);
    limit.use(1e12);
    expect([limit.isUnlimited, limit.waitMs(0)]).toEqual([true, 0]);
  });

  it('is kept by whoever waits as it says, and never waited for twice', () => {
    const rates = fc.double({ min: 0.1, max: 10_000, noNaN: true });
    const sizes = fc.array(fc.integer({ min: 1, max: 65_549 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(rates, sizes, (rate, frames) => {
        const limit = new RateLimit(rate, 0);
        let [nowMs, used] = [0, 0];
        for (const bytes of frames) {
          nowMs += limit.waitMs(nowMs);
          expect(limit.waitMs(nowMs)).toBe(0);
          limit.use(bytes);
          used += bytes;
        }
        const bytesPerMs = (rate * 1e6) / 8000;
        const burst = Math.max(bytesPerMs * 50, 1500);
        expect(used).toBeLessThanOrEqual(nowMs * bytesPerMs + burst + 65_549 + 1);
      }),
    );
  });
});
