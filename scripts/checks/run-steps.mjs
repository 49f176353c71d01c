/** Runs checks, shows what they print, and adds up their results. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { run } from '../set-up/command.mjs';
import { formatSeconds } from '../set-up/step.mjs';
import { countStep } from './counts.mjs';

/**
 * Runs every step, even after one has failed.
 * @param {readonly import('./steps.mjs').CheckStep[]} steps
 * @param {{ parallel: boolean }} options `parallel`: as many at once as there are processors, each
 *   one's output shown when it has ended; otherwise one after the other, with output as it comes
 * @returns {Promise<import('./counts.mjs').Counts[]>}
 */
export async function runSteps(steps, { parallel }) {
  const workers = parallel ? Math.min(availableParallelism(), steps.length) : 1;
  const waiting = [...steps];
  const results = [];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      results.push(await runCheck(step, parallel ? 'keep' : 'show'));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

async function runCheck({ title, command, hasTests = false }, output) {
  const startedAtMs = performance.now();
  const dir = await mkdtemp(path.join(tmpdir(), 'skerry-check-'));
  const countsFile = path.join(dir, 'counts.json');
  try {
    if (output === 'show') process.stdout.write(`\n── ${title}\n`);
    const result = await run(command, { output, env: { SKERRY_TEST_COUNTS: countsFile } });
    const counts = hasTests ? await readCounts(countsFile) : undefined;
    const took = formatSeconds(performance.now() - startedAtMs);
    const text = result.output.trim();
    if (output === 'keep') process.stdout.write(`\n── ${title}\n${text === '' ? '' : `${text}\n`}`);
    const counted = countStep({ title, code: result.code, hasTests, counts });
    process.stdout.write(`${counted.failed.length === 0 ? '✓' : '✗'} ${title} (${took})\n`);
    return counted;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readCounts(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // The runner ended before its reporter could write: countStep takes that for a failure.
    return undefined;
  }
}
