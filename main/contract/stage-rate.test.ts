import { describe, expect, it } from 'vitest';
import type { Stage } from './operation.ts';
import { addUpStages, estimateLeftMs, nextStageRate } from './stage-rate.ts';

const aStage = (fields: Partial<Stage> = {}): Stage => ({
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

describe('addUpStages', () => {
  const rate = (bytesPerSecond: number) => ({ bytes: 0, atMs: 0, bytesPerSecond });

  it('takes bytes and speeds of all layers together', () => {
    const stages = [
      aStage({ key: 'resolve', state: 'done' }),
      aStage({ key: 'a', state: 'active', bytesDone: 100, bytesTotal: 400 }),
      aStage({ key: 'b', state: 'active', bytesDone: 50, bytesTotal: 200 }),
      aStage({ key: 'c', state: 'waiting', bytesTotal: 400 }),
      aStage({ key: 'd', state: 'skipped', bytesTotal: 100 }),
    ];
    // What is over adds nothing to the speed, though its last rate may still be known.
    const rates = { a: rate(60), b: rate(40), d: rate(1_000) };
    expect(addUpStages(stages, rates)).toEqual({
      bytesDone: 250,
      bytesTotal: 1_100,
      bytesPerSecond: 100,
      leftMs: 8_500,
    });
  });

  it('tells no time while nothing is measured', () => {
    const stages = [
      aStage({ key: 'a', state: 'active', bytesDone: 0, bytesTotal: 400 }),
      aStage({ key: 'b', bytesTotal: 200 }),
    ];
    expect(addUpStages(stages)).toMatchObject({ bytesPerSecond: undefined, leftMs: undefined });
  });

  it('has nothing to add to one stage alone', () => {
    expect(addUpStages([aStage({ bytesDone: 1, bytesTotal: 2 }), aStage()])).toBeUndefined();
  });
});
