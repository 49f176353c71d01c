import { describe, expect, it } from 'vitest';
import { scrollPxAt } from './scroll-at-edge.ts';

describe('a strip in which something is dragged', () => {
  const strip = { left: 200, right: 800 };

  it('scrolls at its ends and beyond them, and rests between', () => {
    expect(scrollPxAt(strip, 210, 16)).toBeLessThan(0);
    expect(scrollPxAt(strip, 100, 16)).toBeLessThan(0);
    expect(scrollPxAt(strip, 500, 16)).toBe(0);
    expect(scrollPxAt(strip, 790, 16)).toBeGreaterThan(0);
    expect(scrollPxAt(strip, 900, 16)).toBeGreaterThan(0);
  });

  it('goes as fast in slow frames, and does not leap after a pause', () => {
    expect(scrollPxAt(strip, 790, 40)).toBeGreaterThan(scrollPxAt(strip, 790, 16));
    expect(scrollPxAt(strip, 790, 10_000)).toBe(scrollPxAt(strip, 790, 50));
  });
});
