/** Every check of this repository: its title, its command, and how its result is counted. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nodePath, projectDir } from '../set-up/project.mjs';

/**
 * @typedef {object} CheckStep
 * @property {string} title
 * @property {string[]} command
 * @property {boolean} [hasTests] it writes counts to the file named by SKERRY_TEST_COUNTS;
 *   other steps count as one
 */

const reporters = path.join(projectDir, 'scripts/checks');

/** A command of node_modules, run by the checkout's own Node. */
const tool = (name, ...args) => [
  nodePath,
  path.join(projectDir, 'node_modules/.bin', name),
  ...args,
];

const vitest = (project) =>
  tool(
    ...['vitest', 'run', '--project', project],
    ...['--reporter=default', `--reporter=${path.join(reporters, 'vitest-counts.mjs')}`],
  );

/**
 * Checks that need neither QEMU nor a browser. They do not depend on each other.
 * @type {readonly CheckStep[]}
 */
export const quickSteps = [
  { title: 'Formatting', command: tool('prettier', '--check', '--log-level=warn', '.') },
  { title: 'Types', command: tool('tsc', '-b') },
  { title: 'Lint', command: tool('eslint', '--max-warnings=0', '.') },
  {
    title: 'Import rules',
    command: tool(
      ...['depcruise', 'main', 'renderer', 'e2e', 'bench', 'native-helpers'],
      ...['--config', '.dependency-cruiser.cjs'],
    ),
  },
  { title: 'Dead code', command: tool('knip') },
  { title: 'Guest agent in C', command: ['sh', path.join(projectDir, 'scripts/checks/agent.sh')] },
  { title: 'Unit tests', command: vitest('unit'), hasTests: true },
];

/**
 * Checks with real machines, a real registry and a real browser, each of which wants the whole
 * computer for itself.
 * @returns {readonly CheckStep[]}
 */
export function slowSteps() {
  const playwrightConfig = 'e2e/playwright.config.ts';
  const steps = [{ title: 'Engine tests', command: vitest('engine'), hasTests: true }];
  if (existsSync(path.join(projectDir, playwrightConfig))) {
    const reporter = `--reporter=list,${path.join(reporters, 'playwright-counts.mjs')}`;
    const command = tool('playwright', 'test', '-c', playwrightConfig, reporter);
    steps.push({ title: 'Browser tests', command, hasTests: true });
  }
  return steps;
}
