/** node_modules as package-lock.json has it, with the Node of the checkout in it. */
import { existsSync } from 'node:fs';
import { run, SetUpError } from './command.mjs';
import { nodePath } from './project.mjs';
import { hashFiles, isStamped, writeStamp } from './stamp.mjs';
import { nothingToDo, runStep } from './step.mjs';

const stampName = 'node-modules';
/** Warnings are of packages that want a newer Node, which is among those being installed. */
const npmCi = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];

/** Installs what package-lock.json says, if it is not there. */
export async function setUpNodeModules() {
  await runStep('Node modules', async () => {
    const wanted = await hashFiles(['package-lock.json', 'package.json', '.npmrc']);
    if (existsSync(nodePath) && (await isStamped(stampName, wanted))) return nothingToDo;
    // A tree that npm keeps in order by hand is as good, and must not be removed under it.
    if (existsSync(nodePath) && (await isInOrder())) return await writeStamp(stampName, wanted);
    const { code } = await run(npmCi, { output: 'show' });
    if (code !== 0) throw new SetUpError('`npm ci` failed; what it said is above.');
    if (!existsSync(nodePath)) {
      throw new SetUpError(
        `npm did not put Node into the checkout: ${nodePath} is not there. ` +
          'Run `npm rebuild node`, and see that npm may run the install script of `node`.',
      );
    }
    await writeStamp(stampName, wanted);
  });
}

async function isInOrder() {
  return (await run(['npm', 'ls', '--all', '--json'])).code === 0;
}
