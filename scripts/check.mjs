/** `npm run check`: everything that needs neither QEMU nor a browser. */
import process from 'node:process';
import { addCounts, isSuccess, summarize } from './checks/counts.mjs';
import { runSteps } from './checks/run-steps.mjs';
import { quickSteps } from './checks/steps.mjs';
import { setUpNodeModules } from './set-up/node-modules.mjs';
import { checkNode, runScript } from './set-up/set-up.mjs';

await runScript(async () => {
  checkNode(process.versions.node);
  await setUpNodeModules();
  const counts = addCounts(await runSteps(quickSteps({ cached: true }), { parallel: true }));
  process.stdout.write(`\n${summarize(counts).join('\n')}\n`);
  return isSuccess(counts) ? 0 : 1;
});
