/** The guest assets: kernel, initramfs, empty disks, starter image. */
import { run, SetUpError } from './command.mjs';
import { updatePackageLists } from './host-packages.mjs';
import { nodePath } from './project.mjs';
import { runStep, nothingToDo } from './step.mjs';

/** Exit code of the programs in native-helpers/guest-kernel where the package lists are too old. */
const packageListsExitCode = 3;

/** @typedef {import('./package-plan.mjs').Purpose} Purpose */

/**
 * Builds the guest assets, if they are not in the user's cache. Our own kernel is used where it is
 * there; tests need it, and the distribution's besides.
 * @param {Purpose} purpose
 * @param {{ yes: boolean }} options
 */
export async function setUpGuestAssets(purpose, options) {
  if (purpose === 'start') return await buildAssets('Guest assets', 'auto', options);
  if (purpose === 'test') {
    await buildAssets("Guest assets with the distribution's kernel", 'debian', options);
  }
  // Whoever asks for the kernel wants the newest; for tests one of the present recipe will do.
  const args = purpose === 'kernel' ? ['--refresh'] : [];
  await runBuild('Our kernel', 'build-kernel.ts', args, options);
  // What is built last is what the engine uses, unless it is told otherwise.
  await buildAssets('Guest assets with our kernel', 'own', options);
}

function buildAssets(title, kernel, options) {
  return runBuild(title, 'build.ts', ['--kernel', kernel], options);
}

async function runBuild(title, program, args, { yes }) {
  await runStep(title, async (say) => {
    let result = await build(program, args, say);
    if (result.code === packageListsExitCode) {
      say('the package lists are missing or too old');
      await updatePackageLists({ yes });
      result = await build(program, args, say);
    }
    if (result.code !== 0) throw new SetUpError(`${title}: not built.\n${result.output.trim()}`);
    return /^Found /m.test(result.output) ? nothingToDo : undefined;
  });
}

function build(program, args, say) {
  return run([nodePath, `native-helpers/guest-kernel/${program}`, ...args], {
    onLine: (line) => {
      // Its last lines are the folder and whether that was there already.
      if (!line.startsWith('/') && !line.startsWith('Found ')) say(line);
    },
  });
}
