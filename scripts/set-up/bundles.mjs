/** What Vite makes of the sources: the window, and Electron's main process. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run, SetUpError } from './command.mjs';
import { nodePath, projectDir } from './project.mjs';
import { hashFiles, isStamped, writeStamp } from './stamp.mjs';
import { nothingToDo, runStep } from './step.mjs';

const sources = ['renderer', 'main', 'assets', 'package-lock.json', 'scripts/build.mjs'];
const products = ['dist/renderer/index.html', 'dist/electron/main.js'];

/** Builds the bundles, if a source has changed. */
export async function setUpBundles() {
  await runStep('Window', async () => {
    const wanted = await hashFiles(sources);
    const areThere = products.every((file) => existsSync(path.join(projectDir, file)));
    if (areThere && (await isStamped('bundles', wanted))) return nothingToDo;
    const { code, output } = await run([nodePath, 'scripts/build.mjs']);
    if (code !== 0) throw new SetUpError(`The window could not be built.\n${output.trim()}`);
    await writeStamp('bundles', wanted);
  });
}
