import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutTreemap } from './treemap-layout.ts';

const parts = (...amounts: number[]) => amounts.map((amount) => ({ amount }));

describe('layOutTreemap', () => {
  it('lays out the example of the paper as the paper does', () => {
    const tiles = layOutTreemap(parts(6, 6, 4, 3, 2, 2, 1), 6, 4);
    const rounded = tiles.map(({ x, y, width, height }) =>
      [x, y, width, height].map((side) => Math.round(side * 100) / 100),
    );
    expect(rounded).toEqual([
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.71, 2.33],
      [4.71, 0, 1.29, 2.33],
      [3, 2.33, 1.2, 1.67],
      [4.2, 2.33, 1.2, 1.67],
      [5.4, 2.33, 0.6, 1.67],
    ]);
  });

  it('fills the rectangle, gives each part its share and lets no two overlap', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(amounts, (sizes) => {
        const tiles = layOutTreemap(parts(...sizes), 300, 100);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        expect(tiles).toHaveLength(sizes.length);
        for (const [index, tile] of tiles.entries()) {
          const { part, x, y, width, height } = tile;
          expect(width * height).toBeCloseTo((part.amount * 30_000) / total, 3);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThan(300.001);
          expect(y + height).toBeLessThan(100.001);
          for (const other of tiles.slice(index + 1)) {
            const isApart =
              x + width <= other.x + 1e-6 ||
              other.x + other.width <= x + 1e-6 ||
              y + height <= other.y + 1e-6 ||
              other.y + other.height <= y + 1e-6;
            expect(isApart).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives nothing to parts of nothing', () => {
    expect(layOutTreemap([], 10, 10)).toEqual([]);
    expect(layOutTreemap(parts(0, 0), 10, 10)).toEqual([]);
    expect(layOutTreemap(parts(0, 5), 10, 10)).toHaveLength(1);
  });
});
