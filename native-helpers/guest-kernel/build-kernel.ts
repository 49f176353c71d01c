/** `npm run kernel`: builds the own kernel into the cache, or finds it built, and prints where. */
import { parseArgs } from 'node:util';
import { resolvePaths } from '../../main/engine/host/paths.ts';
import { packageListsExitCode, PackageListsError } from './debian-packages.ts';
import { buildOwnKernel, kernelsDirOf } from './own-kernel.ts';

const { values } = parseArgs({
  options: {
    /** Another cache than the user's. */
    cache: { type: 'string' },
    /** Look for newer source. */
    refresh: { type: 'boolean', default: false },
  },
});

// What a build needs is gigabytes, which go with it also where it is stopped.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort();
  });
}

try {
  const { dir, release, found } = await buildOwnKernel({
    kernelsDir: kernelsDirOf(values.cache ?? resolvePaths().cacheDir),
    arch: process.arch,
    refresh: values.refresh,
    signal: stop.signal,
    onStep: (step) => {
      console.error(step);
    },
  });
  console.error(`${found ? 'Found' : 'Built'} the kernel ${release}`);
  console.log(dir);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof PackageListsError ? packageListsExitCode : 1;
}
