/** Everything that has to be there before Skerry starts, or before its tests run. */
import process from 'node:process';
import { setUpBundles } from './bundles.mjs';
import { SetUpError } from './command.mjs';
import { setUpGuestAssets } from './guest-assets.mjs';
import { setUpHostPackages } from './host-packages.mjs';
import { setUpNodeModules } from './node-modules.mjs';

const leastNode = [20, 11];

/**
 * @param {import('./package-plan.mjs').Purpose} purpose
 * @param {{ yes: boolean }} options
 */
export async function setUp(purpose, options) {
  checkNode(process.versions.node);
  await setUpHostPackages(purpose, options);
  await setUpNodeModules();
  await setUpGuestAssets(purpose, options);
  if (purpose !== 'kernel') await setUpBundles();
}

/** Refuses a Node on which the scripts themselves do not run. */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return;
  throw new SetUpError(`Node ${version} is too old: install ${leastNode.join('.')} or newer.`);
}

/**
 * Runs a script's work; a {@link SetUpError} is told without a stack.
 * @param {() => Promise<number>} work resolves with the exit code
 */
export async function runScript(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`\n✗ ${error.message}\n`);
    process.exitCode = 1;
  }
}
