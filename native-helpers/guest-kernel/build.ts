/** `node native-helpers/guest-kernel/build.ts`: builds the guest assets, or finds them built. */
import { parseArgs } from 'node:util';
import { guestKernelWishes } from '../../main/engine/host/guest-kernel-wish.ts';
import { resolvePaths } from '../../main/engine/host/paths.ts';
import { buildGuestAssets } from './build-guest-assets.ts';
import { packageListsExitCode, PackageListsError } from './debian-packages.ts';

const { values } = parseArgs({
  options: {
    /** Another cache than the user's. */
    cache: { type: 'string' },
    /** A program to use as the agent. */
    agent: { type: 'string' },
    /** Which kernel: see kernel-choice.ts. */
    kernel: { type: 'string', default: 'auto' },
    /** Look for a newer kernel. */
    refresh: { type: 'boolean', default: false },
  },
});

/** Set-up shows it to whoever starts the app. */
const hint = 'A kernel that starts sooner, and runs Docker, is built by `npm run kernel`.';

const kernel = guestKernelWishes.find((wish) => wish === values.kernel);

try {
  if (kernel === undefined) {
    const wishes = guestKernelWishes.join(', ');
    throw new Error(`--kernel is one of ${wishes}, not ${values.kernel}.`);
  }
  const { dir, manifest, found } = await buildGuestAssets({
    cacheDir: values.cache ?? resolvePaths().cacheDir,
    refresh: values.refresh,
    kernel,
    ...(values.agent === undefined ? {} : { agentPath: values.agent }),
    onStep: (step) => {
      console.error(step);
    },
  });
  console.error(`${found ? 'Found' : 'Built'} guest assets with kernel ${manifest.kernel.release}`);
  if (!found && kernel === 'auto' && manifest.kernel.origin !== 'own') console.error(hint);
  console.log(dir);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof PackageListsError ? packageListsExitCode : 1;
}
