import { describe, expect, it } from 'vitest';
import { aBoot } from '../../../testing/live-builders.ts';
import { medianTotal, slowestOf, stepFigures } from './boot-figures.ts';

const step = (key: string, startMs: number, durationMs: number) => ({
  ...{ key, label: key, startMs, durationMs },
});

describe('stepFigures', () => {
  it('places steps within the whole, in the order of their beginnings', () => {
    const steps = [step('kernel', 300, 700), step('qemu', 0, 500)];
    expect(stepFigures(aBoot({ steps }), [])).toMatchObject([
      { step: { key: 'qemu' }, from: 0, part: 0.5, isSlowest: false, median: undefined },
      { step: { key: 'kernel' }, from: 0.3, part: 0.7, isSlowest: true },
    ]);
  });

  it('has room for a step that ends after the rest', () => {
    const steps = [step('kernel', 0, 1_000), step('network', 500, 1_500)];
    expect(stepFigures(aBoot({ steps }), [])[1]).toMatchObject({ from: 0.25, part: 0.75 });
  });

  it('compares with the median of earlier starts that worked', () => {
    const earlier = [200, 400, 900].map((ms) => aBoot({ steps: [step('qemu', 0, ms)] }));
    const failed = aBoot({ steps: [step('qemu', 0, 9_999)], failure: 'No.' });
    const [qemu, kernel] = stepFigures(aBoot(), [...earlier, failed]);
    expect(qemu?.median).toBe(400);
    expect(kernel?.median).toBeUndefined();
  });
});

describe('medianTotal', () => {
  it('is the middle of those that worked', () => {
    const failed = aBoot({ totalMs: 9_999, failure: 'No.' });
    expect(medianTotal([aBoot({ totalMs: 100 }), aBoot({ totalMs: 300 }), failed])).toBe(200);
    expect(medianTotal([failed])).toBeUndefined();
  });
});

describe('slowestOf', () => {
  it('says whether it was most of it', () => {
    expect(slowestOf(aBoot())).toMatchObject({ step: { key: 'kernel' }, isMost: true });
    expect(slowestOf(aBoot({ slowest: 'qemu' }))).toMatchObject({ isMost: false });
    const { slowest: _none, ...without } = aBoot();
    expect(slowestOf(without)).toBeUndefined();
  });
});
