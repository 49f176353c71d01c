/**
 * `npm run kernel`: builds our own guest kernel and the guest assets with it, which every sandbox
 * that is started from then on uses. Compiles some two thousand files, and does nothing where it is there.
 */
import process from 'node:process';
import { parseKernelOptions } from './options.mjs';
import { runScript, setUp } from './set-up/set-up.mjs';

await runScript(async () => {
  await setUp('kernel', parseKernelOptions(process.argv.slice(2)));
  return 0;
});
