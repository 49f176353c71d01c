import { describe, expect, it } from 'vitest';
import { addCounts, countStep, isSuccess, noCounts, summarize } from './counts.mjs';

const counts = (passed: number, failed: number): ReturnType<typeof noCounts> => ({
  ...noCounts(),
  passed,
  failed,
});

describe('countStep', () => {
  it('counts a step without tests of its own as one', () => {
    expect(countStep({ code: 0, hasTests: false, counts: undefined })).toEqual(counts(1, 0));
    expect(countStep({ code: 2, hasTests: false, counts: undefined })).toEqual(counts(0, 1));
  });

  it('takes the counts of a step with tests', () => {
    expect(countStep({ code: 0, hasTests: true, counts: counts(7, 0) })).toEqual(counts(7, 0));
    expect(countStep({ code: 1, hasTests: true, counts: counts(7, 2) })).toEqual(counts(7, 2));
  });

  it('counts a failure that no test reported', () => {
    expect(countStep({ code: 1, hasTests: true, counts: counts(7, 0) })).toEqual(counts(7, 1));
  });

  it('counts a run of no tests as failed, whatever it said', () => {
    expect(countStep({ code: 0, hasTests: true, counts: undefined })).toEqual(counts(0, 1));
    expect(countStep({ code: 0, hasTests: true, counts: noCounts() })).toEqual(counts(0, 1));
  });
});

describe('summarize', () => {
  it('ends with the totals, after what was skipped and why', () => {
    const skipped = [{ name: 'desktop.spec', reason: 'there is no Electron binary' }];
    const total = addCounts([counts(3, 0), counts(4, 1), { ...noCounts(), skipped }]);
    expect(summarize(total)).toEqual([
      'skipped: desktop.spec (there is no Electron binary)',
      '7 passed, 1 failed',
    ]);
  });
});

describe('isSuccess', () => {
  it('asks for a test that passed and none that failed', () => {
    expect(isSuccess(counts(1, 0))).toBe(true);
    expect(isSuccess(counts(1, 1))).toBe(false);
    expect(isSuccess(noCounts())).toBe(false);
  });
});
