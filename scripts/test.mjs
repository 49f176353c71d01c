/** `npm test`: sets up what the tests need, then runs all of them. */
import process from 'node:process';
import { addCounts, isSuccess, summarize } from './checks/counts.mjs';
import { runSteps } from './checks/run-steps.mjs';
import { quickSteps, slowSteps } from './checks/steps.mjs';
import { parseTestOptions } from './options.mjs';
import { runScript, setUp } from './set-up/set-up.mjs';

await runScript(async () => {
  const options = parseTestOptions(process.argv.slice(2));
  await setUp('test', options);
  const counts = addCounts([
    ...(await runSteps(quickSteps({ cached: false }), { parallel: true })),
    ...(await runSteps(slowSteps(), { parallel: false })),
  ]);
  process.stdout.write(`\n${summarize(counts).join('\n')}\n`);
  return isSuccess(counts) ? 0 : 1;
});
