import { describe, expect, it } from 'vitest';
import { aSample } from '../../../testing/live-builders.ts';
import { applyUsage, createUsageStore, keptUsage, selectUsage } from './usage-store.ts';

const at = (seconds: number) => aSample({ atMs: seconds * 1_000 });
const seconds = (store: ReturnType<typeof createUsageStore>, name: string) =>
  selectUsage(name)(store.getState())?.map((sample) => sample && sample.atMs / 1_000);

describe('applyUsage', () => {
  it('keeps the last minute of each', () => {
    const store = createUsageStore();
    for (let second = 1; second <= 70; second += 1) applyUsage(store, { box: at(second) });
    expect(seconds(store, 'box')).toHaveLength(keptUsage);
    expect(seconds(store, 'box')?.at(-1)).toBe(70);
  });

  it('takes the same sample once, and shows a gap', () => {
    const store = createUsageStore();
    applyUsage(store, { box: at(1) });
    const before = selectUsage('box')(store.getState());
    applyUsage(store, { box: at(1) });
    expect(selectUsage('box')(store.getState())).toBe(before);
    applyUsage(store, { box: at(20) });
    expect(seconds(store, 'box')).toEqual([1, undefined, 20]);
  });

  it('forgets what no longer runs', () => {
    const store = createUsageStore();
    applyUsage(store, { box: at(1), other: at(1) });
    applyUsage(store, { other: at(2) });
    expect(seconds(store, 'box')).toBeUndefined();
    expect(seconds(store, 'other')).toEqual([1, 2]);
  });
});
