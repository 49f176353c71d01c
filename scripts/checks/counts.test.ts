import { describe, expect, it } from 'vitest';
import { addCounts, countStep, isSuccess, noCounts, summarize } from './counts.mjs';

const failure = { name: 'a.test.ts: adds', reason: 'expected 3' };
const title = 'Unit tests';

describe('countStep', () => {
  it('counts a step without tests of its own as one', () => {
    const step = { title: 'Types', hasTests: false, counts: undefined };
    expect(countStep({ ...step, code: 0 })).toEqual({ ...noCounts(), passed: 1 });
    expect(countStep({ ...step, code: 2 })).toEqual({
      ...noCounts(),
      failed: [{ name: 'Types', reason: 'exit code 2' }],
    });
  });

  it('takes the counts of a step with tests', () => {
    const passed = { ...noCounts(), passed: 7 };
    const failed = { ...passed, failed: [failure] };
    expect(countStep({ title, code: 0, hasTests: true, counts: passed })).toEqual(passed);
    expect(countStep({ title, code: 1, hasTests: true, counts: failed })).toEqual(failed);
  });

  it('counts a failure that no test reported', () => {
    const passed = { ...noCounts(), passed: 7 };
    expect(countStep({ title, code: 1, hasTests: true, counts: passed })).toEqual({
      ...passed,
      failed: [{ name: title, reason: 'exit code 1' }],
    });
  });

  it('counts a run of no tests as failed, whatever it said', () => {
    const nothing = { ...noCounts(), failed: [{ name: title, reason: 'it ran no test' }] };
    expect(countStep({ title, code: 0, hasTests: true, counts: undefined })).toEqual(nothing);
    expect(countStep({ title, code: 0, hasTests: true, counts: noCounts() })).toEqual(nothing);
  });
});

describe('summarize', () => {
  it('ends with the totals, after what was skipped or failed and why', () => {
    const skipped = [{ name: 'desktop.spec', reason: 'there is no Electron binary' }];
    const total = addCounts([
      { ...noCounts(), passed: 3 },
      {
        ...noCounts(),
        passed: 4,
        failed: [{ ...failure, reason: '\u001B[31mexpected 3\n\nat 9' }],
      },
      { ...noCounts(), skipped },
    ]);
    expect(summarize(total)).toEqual([
      'skipped: desktop.spec (there is no Electron binary)',
      'failed: a.test.ts: adds (expected 3)',
      '7 passed, 1 failed',
    ]);
  });
});

describe('isSuccess', () => {
  it('asks for a test that passed and none that failed', () => {
    expect(isSuccess({ ...noCounts(), passed: 1 })).toBe(true);
    expect(isSuccess({ ...noCounts(), passed: 1, failed: [failure] })).toBe(false);
    expect(isSuccess(noCounts())).toBe(false);
  });
});
