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

const checksDir = path.join(projectDir, 'scripts/checks');

/** A command of node_modules, run by the checkout's own Node. */
const tool = (/** @type {string} */ name, /** @type {string[]} */ ...args) => [
  nodePath,
  path.join(projectDir, 'node_modules/.bin', name),
  ...args,
];

const vitest = (/** @type {string} */ project) =>
  tool(
    ...['vitest', 'run', '--project', project],
    ...['--reporter=default', `--reporter=${path.join(checksDir, 'vitest-counts.mjs')}`],
  );

/** What of the engine tests runs a second time, with machines of our kernel, from templates. */
const warmSuites = ['options', 'roots', 'lifecycle', 'commit'].map(
  (suite) => `main/engine/sandbox/${suite}.engine.test.ts`,
);

/** Of those, what tells a machine that stood ready from others. */
const readySuites = warmSuites.filter((suite) => /options|lifecycle/.test(suite));

const ownAndWarm = ['SKERRY_GUEST_KERNEL=own', 'SKERRY_TEMPLATES=ahead'];
const ready = ['SKERRY_TEMPLATES=ahead', 'SKERRY_STANDBY=ahead'];

const cacheDir = path.join(projectDir, 'node_modules/.cache');

/**
 * Checks that need neither QEMU nor a browser. They do not depend on each other; those that take
 * longest come first.
 * @param {{ cached: boolean }} options `cached`: files that have not changed are not formatted or
 *   linted again. A lint rule that looks at types can then miss what another file's change has
 *   broken, which is why `npm test` does without.
 * @returns {readonly CheckStep[]}
 */
export function quickSteps({ cached }) {
  const cache = (/** @type {string} */ name) =>
    cached
      ? [
          '--cache',
          '--cache-strategy=content',
          `--cache-location=${path.join(cacheDir, `skerry-${name}`)}`,
        ]
      : [];
  return [
    { title: 'Unit tests', command: vitest('unit'), hasTests: true },
    { title: 'Lint', command: tool('eslint', '--max-warnings=0', ...cache('eslint'), '.') },
    { title: 'Types', command: tool('tsc', '-b') },
    {
      title: 'Formatting',
      command: tool('prettier', '--check', '--log-level=warn', ...cache('prettier'), '.'),
    },
    { title: 'Guest agent in C', command: ['sh', path.join(checksDir, 'agent.sh')] },
    {
      title: 'Import rules',
      command: tool(
        ...['depcruise', 'main', 'renderer', 'e2e', 'bench', 'native-helpers'],
        ...['--config', '.dependency-cruiser.cjs'],
      ),
    },
    { title: 'Dead code', command: tool('knip') },
  ];
}

/**
 * Checks with real machines, a real registry and a real browser, each of which wants the whole
 * computer for itself.
 * @returns {readonly CheckStep[]}
 */
export function slowSteps() {
  const playwrightConfig = 'e2e/playwright.config.ts';
  const steps = [
    { title: 'Engine tests', command: vitest('engine'), hasTests: true },
    // Above they were booted, by the distribution's kernel. Whatever a sandbox may have, it has it
    // from a template and by our kernel too.
    {
      title: 'Engine tests of options, with our kernel and started from templates',
      command: ['env', ...ownAndWarm, ...vitest('engine'), ...warmSuites],
      hasTests: true,
    },
    {
      title: 'Engine tests of options, with machines that stood ready',
      command: ['env', ...ready, ...vitest('engine'), ...readySuites],
      hasTests: true,
    },
  ];
  if (existsSync(path.join(projectDir, playwrightConfig))) {
    const reporter = `--reporter=list,${path.join(checksDir, 'playwright-counts.mjs')}`;
    const command = tool('playwright', 'test', '-c', playwrightConfig, reporter);
    steps.push({ title: 'Browser tests', command, hasTests: true });
  }
  return steps;
}
