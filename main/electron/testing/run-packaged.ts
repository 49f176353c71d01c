/**
 * Runs the files of a package under Node, with the fake in place of Electron: its own bundles and
 * nothing else of the checkout. Prints what a window got from it, as one line of JSON.
 * Arguments: folder of the extracted archive, resources folder, folder for Electron's profile.
 */
import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';

const [appDir = '', resourcesDir = '', profileDir = ''] = process.argv.slice(2);
const fakeUrl = new URL('./fake-electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'electron') return { url: fakeUrl, shortCircuit: true };
    const resolved = next(specifier, context);
    const fromApp = context.parentURL?.startsWith(pathToFileURL(appDir).href) === true;
    const inApp = resolved.url.startsWith(pathToFileURL(appDir).href);
    if (fromApp && !inApp && !resolved.url.startsWith('node:')) {
      throw new Error(`The package imports "${specifier}", which is not in it.`);
    }
    return resolved;
  },
});

const electron = await import('./fake-electron.ts');
const { FakePage } = await import('./fake-page.ts');
const { FakeBrowserWindow } = await import('./fake-window.ts');

Object.assign(process, { resourcesPath: resourcesDir });
electron.app.paths = { userData: profileDir };

const { main } = JSON.parse(await readFile(path.join(appDir, 'package.json'), 'utf8')) as {
  main: string;
};
await import(pathToFileURL(path.join(appDir, main)).href);
// The entry does not wait until the app is ready; the window comes soon after.
while (FakeBrowserWindow.all.length === 0) await new Promise((resolve) => setImmediate(resolve));
const [window] = FakeBrowserWindow.all;
if (window === undefined) throw new Error('No window was opened.');

const page = new FakePage(window.webContents.mainFrame);
const preload = await readFile(window.options.webPreferences?.preload ?? '', 'utf8');
const sandboxedRequire = (name: string): unknown => {
  if (name === 'electron') return electron;
  throw new Error(`A sandboxed preload script cannot require "${name}".`);
};
// Electron wraps a preload script in a function, too.
const wrapped = runInThisContext(`(require, window) => {${preload}\n}`) as (
  require: (name: string) => unknown,
  window: unknown,
) => void;
wrapped(sandboxedRequire, page);

async function fetchOwn(url: string): Promise<{ status: number; text: string }> {
  const answer = await electron.protocol.responders.get('app')?.(new Request(url));
  return { status: answer?.status ?? 0, text: (await answer?.text()) ?? '' };
}

const html = await fetchOwn('app://skerry/');
const references = [...html.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to = '']) => to);
const assets = await Promise.all(
  references.map(async (reference) => {
    const { status } = await fetchOwn(new URL(reference, 'app://skerry/').href);
    return [reference, status] as const;
  }),
);

const client = await page.client();
const report = await client.host.report();
const images = (await client.images.list()).map(({ reference }) => reference);
const presets = (await client.presets.list()).map(({ name }) => name);
let operation = await client.sandboxes.create({ name: 'packaged', image: images[0] ?? '' });
try {
  for await (const state of await client.operations.watch({ id: operation.id })) operation = state;
} finally {
  // A machine that booted outlives this process; one that did not has been removed already.
  await client.sandboxes.remove({ name: 'packaged', force: true }).catch(() => undefined);
}
page.close();
const seen = { html: html.status, assets, report, images, presets, operation };
process.stdout.write(`${JSON.stringify(seen)}\n`);

electron.app.quit();
while (!electron.app.ended) await new Promise((resolve) => setTimeout(resolve, 10));
process.exit(0);
