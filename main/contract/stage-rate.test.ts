import { describe, expect, it } from 'vitest';
import type { Stage } from './operation.ts';
import { estimateLeftMs, nextStageRate } from './stage-rate.ts';

const aStage = (fields: Partial<Stage>): Stage => ({
  ...{ key: 'layer', label: 'Pull layer 1/1', state: 'active' },
  ...fields,
});

describe('nextStageRate', () => {
  it('knows no speed from one look', () => {
    expect(nextStageRate(undefined, 10, 0).bytesPerSecond).toBeUndefined();
  });

  it('knows it from two', () => {
    const first = nextStageRate(undefined, 0, 0);
    expect(nextStageRate(first, 5_000, 500).bytesPerSecond).toBe(10_000);
  });

  it('waits for samples that are far enough apart', () => {
    const first = nextStageRate(undefined, 0, 0);
    expect(nextStageRate(first, 5_000, 100)).toBe(first);
  });

  it('moves towards a new speed without jumping to it', () => {
    const second = nextStageRate(nextStageRate(undefined, 0, 0), 1_000, 1_000);
    const third = nextStageRate(second, 11_000, 2_000).bytesPerSecond;
    expect(third).toBeGreaterThan(1_000);
    expect(third).toBeLessThan(10_000);
  });

  it('begins anew when the bytes do', () => {
    const second = nextStageRate(nextStageRate(undefined, 0, 0), 1_000, 1_000);
    expect(nextStageRate(second, 10, 2_000).bytesPerSecond).toBeUndefined();
  });
});

describe('estimateLeftMs', () => {
  const rate = { bytes: 0, atMs: 0, bytesPerSecond: 100 };

  it('divides what is left by the speed', () => {
    expect(estimateLeftMs(aStage({ bytesDone: 500, bytesTotal: 1_000 }), rate)).toBe(5_000);
  });

  it('knows nothing without a total or a speed', () => {
    expect(estimateLeftMs(aStage({ bytesDone: 500 }), rate)).toBeUndefined();
    const stage = aStage({ bytesDone: 500, bytesTotal: 1_000 });
    expect(estimateLeftMs(stage, { ...rate, bytesPerSecond: 0 })).toBeUndefined();
    expect(estimateLeftMs(stage, undefined)).toBeUndefined();
  });
});
