/** One line for each step of the set-up, with how long it took. */
import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** What a step returns when there was nothing to do. */
export const nothingToDo = Symbol('nothing to do');

/**
 * Runs a step and says so. What is there already takes no time and is not worth a line.
 * @param {string} title
 * @param {(say: (detail: string) => void) => Promise<unknown>} work `say` names what it is at
 */
export async function runStep(title, work) {
  const startedAtMs = performance.now();
  const say = (detail) => {
    process.stderr.write(`  ${title}: ${detail}\n`);
  };
  const result = await work(say);
  if (result === nothingToDo) return;
  process.stderr.write(`✓ ${title} (${formatSeconds(performance.now() - startedAtMs)})\n`);
}

/** `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatSeconds(durationMs) {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
