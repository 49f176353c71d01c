/** How many tests passed, failed and were skipped, as the test runners' reporters write it. Pure but for the file. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ name: string, reason: string }} Named a test or a step, and why it did not pass
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {Named[]} failed
 * @property {Named[]} skipped
 */

/** @returns {Counts} */
export function noCounts() {
  return { passed: 0, failed: [], skipped: [] };
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
 * @param {{ title: string, code: number, hasTests: boolean, counts: Counts | undefined }} result
 * @returns {Counts}
 */
export function countStep({ title, code, hasTests, counts = noCounts() }) {
  const failure = { name: title, reason: `exit code ${code}` };
  if (!hasTests) {
    return code === 0 ? { ...noCounts(), passed: 1 } : { ...noCounts(), failed: [failure] };
  }
  if (counts.failed.length > 0) return counts;
  if (code !== 0) return { ...counts, failed: [failure] };
  if (counts.passed > 0) return counts;
  return { ...counts, failed: [{ name: title, reason: 'it ran no test' }] };
}

/** @param {readonly Counts[]} all */
export function addCounts(all) {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: [...sum.failed, ...failed],
      skipped: [...sum.skipped, ...skipped],
    }),
    noCounts(),
  );
}

/**
 * The last lines of a run: what was skipped or failed and why, then the totals, exactly.
 * @param {Counts} counts
 */
export function summarize({ passed, failed, skipped }) {
  const lines = (/** @type {string} */ verb, /** @type {Named[]} */ list) =>
    list.map(({ name, reason }) => `${verb}: ${name} (${firstLine(reason)})`);
  return [
    ...lines('skipped', skipped),
    ...lines('failed', failed),
    `${passed} passed, ${failed.length} failed`,
  ];
}

/** The message of an assertion goes on for pages; colours mean nothing in a list. */
function firstLine(/** @type {string} */ text) {
  const [line = ''] = stripVTControlCharacters(text).split('\n', 1);
  return line.slice(0, 300);
}

/** @param {Counts} counts */
export function isSuccess({ passed, failed }) {
  return failed.length === 0 && passed > 0;
}
