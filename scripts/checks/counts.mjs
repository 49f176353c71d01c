/** How many tests passed, failed and were skipped, as the test runners' reporters write it. Pure but for the file. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {{ name: string, reason: string }[]} skipped
 */

/** @returns {Counts} */
export function noCounts() {
  return { passed: 0, failed: 0, skipped: [] };
}

/** For reporters: writes the counts where the script that runs them looks. */
export function writeCounts(counts) {
  const file = process.env.SKERRY_TEST_COUNTS;
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
}

/**
 * What a step adds to the total. A step without tests of its own counts as one. A step that
 * failed without a failed test (it could not start, a file could not be loaded) counts as failed,
 * and so does one that was to run tests and ran none.
 * @param {{ code: number, hasTests: boolean, counts: Counts | undefined }} result
 * @returns {Counts}
 */
export function countStep({ code, hasTests, counts = noCounts() }) {
  if (!hasTests) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
  const ranNothing = counts.passed + counts.failed === 0;
  const failedUnseen = code !== 0 && counts.failed === 0;
  return { ...counts, failed: counts.failed + (ranNothing || failedUnseen ? 1 : 0) };
}

/** @param {readonly Counts[]} all */
export function addCounts(all) {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: [...sum.skipped, ...skipped],
    }),
    noCounts(),
  );
}

/**
 * The last lines of a run: what was skipped and why, then the totals, exactly.
 * @param {Counts} counts
 */
export function summarize({ passed, failed, skipped }) {
  const skips = skipped.map(({ name, reason }) => `skipped: ${name} (${reason})`);
  return [...skips, `${passed} passed, ${failed} failed`];
}

/** @param {Counts} counts */
export function isSuccess({ passed, failed }) {
  return failed === 0 && passed > 0;
}
