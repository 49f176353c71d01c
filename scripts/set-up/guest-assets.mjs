/** The guest assets: kernel, initramfs, empty disks, starter image. */
import { run, SetUpError } from './command.mjs';
import { updatePackageLists } from './host-packages.mjs';
import { nodePath } from './project.mjs';
import { runStep, nothingToDo } from './step.mjs';

/** Exit code of build.ts where the package lists are missing or too old. */
const packageListsExitCode = 3;

/** Builds the guest assets, if they are not in the user's cache. */
export async function setUpGuestAssets({ yes }) {
  await runStep('Guest assets', async (say) => {
    let result = await build(say);
    if (result.code === packageListsExitCode) {
      say('the package lists are missing or too old');
      await updatePackageLists({ yes });
      result = await build(say);
    }
    if (result.code !== 0) {
      throw new SetUpError(`The guest assets could not be built.\n${result.output.trim()}`);
    }
    return result.output.includes('Found guest assets') ? nothingToDo : undefined;
  });
}

function build(say) {
  return run([nodePath, 'native-helpers/guest-kernel/build.ts'], {
    onLine: (line) => {
      // Its last lines are the folder and whether that was there already.
      if (!line.startsWith('/') && !line.startsWith('Found ')) say(line);
    },
  });
}
