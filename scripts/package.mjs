/**
 * `npm run package`: builds the app and its packages for this machine's system and architecture.
 * Options: `--target NAME` makes one kind (`deb`, `AppImage`, `dmg`, or `dir` for no package),
 * `--electron-dist DIR` takes Electron and `--guest-assets DIR` guest assets that are there
 * already, `--out DIR` is where the packages go. The guest kernel is our own, which `npm run kernel`
 * builds; `--kernel debian` ships the distribution's.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';
import { buildAll, projectDir } from './build.mjs';

const stageDir = path.join(projectDir, 'dist/package');
const require = createRequire(import.meta.url);

const { values: options } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: [] },
    'electron-dist': { type: 'string' },
    'guest-assets': { type: 'string' },
    kernel: { type: 'string', default: 'own' },
    out: { type: 'string', default: path.join(projectDir, 'dist/release') },
  },
});

/** The app as it goes into the archive: the bundles and what a program says of itself. */
async function stageApp() {
  const appDir = path.join(stageDir, 'app');
  await rm(appDir, { recursive: true, force: true });
  await mkdir(appDir, { recursive: true });
  await buildAll({ outDir: path.join(appDir, 'dist') });
  const { name, version, description, license, type, main } = JSON.parse(
    await readFile(path.join(projectDir, 'package.json'), 'utf8'),
  );
  // Electron takes the application's id on Wayland and X11 from `desktopName`.
  const metadata = { name, productName: 'Skerry', version, description, license, type, main };
  const text = JSON.stringify({ ...metadata, desktopName: 'skerry.desktop' }, null, 2);
  await writeFile(path.join(appDir, 'package.json'), `${text}\n`);
}

/** The guest assets of this architecture, as one folder without links. */
async function stageGuestAssets() {
  const target = path.join(stageDir, `guest-${process.arch}`);
  const source = options['guest-assets'] ?? (await buildGuestAssets());
  await rm(target, { recursive: true, force: true });
  await cp(source, target, { recursive: true, dereference: true });
  if (!existsSync(path.join(target, 'manifest.json'))) {
    throw new Error(`${source} holds no guest assets: there is no manifest.json in it.`);
  }
}

async function buildGuestAssets() {
  const assets = await import('../native-helpers/guest-kernel/build-guest-assets.ts');
  const { kernelsDirOf } = await import('../native-helpers/guest-kernel/own-kernel.ts');
  const { resolvePaths } = await import('../main/engine/host/paths.ts');
  if (!['own', 'debian'].includes(options.kernel)) {
    throw new Error(`--kernel is own or debian, not ${options.kernel}.`);
  }
  const { dir } = await assets.buildGuestAssets({
    cacheDir: path.join(projectDir, 'dist/package/cache'),
    kernel: options.kernel,
    // It is built where every checkout finds it.
    kernelsDir: kernelsDirOf(resolvePaths().cacheDir),
    onStep: (step) => console.log(`Guest assets: ${step}`),
  });
  return dir;
}

/** The folder of the Electron binary, fetched by Electron's own installer if need be. */
async function findElectron() {
  const given = options['electron-dist'];
  if (given !== undefined) return path.resolve(given);
  const electronDir = path.dirname(require.resolve('electron/package.json'));
  const dist = path.join(electronDir, 'dist');
  const isThere = () => existsSync(path.join(electronDir, 'path.txt')) && existsSync(dist);
  if (!isThere())
    await run(process.execPath, [path.join(electronDir, 'install.js')]).catch(() => 1);
  return isThere() ? dist : undefined;
}

async function runElectronBuilder(electronDist) {
  const { version } = require('electron/package.json');
  const args = [
    require.resolve('electron-builder/cli.js'),
    '--config=electron-builder.yml',
    '--publish=never',
    process.platform === 'darwin' ? '--mac' : '--linux',
    ...options.target,
    `--${process.arch}`,
    `--config.electronVersion=${version}`,
    `--config.electronDist=${electronDist}`,
    `--config.directories.output=${path.resolve(options.out)}`,
    // The guest is of the host's architecture, and so is the emulator that it needs.
    ...(process.arch === 'arm64' ? ['--config.deb.fpm=--depends=qemu-system-arm'] : []),
  ];
  await run(process.execPath, args);
}

/** Runs a program in the checkout and shows what it says; fails if it does. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectDir, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(args[0])} ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

await stageApp();
console.log(`The app is bundled in ${path.join(stageDir, 'app')}.`);
await stageGuestAssets();
console.log(`The guest assets are in ${path.join(stageDir, `guest-${process.arch}`)}.`);
const electronDist = await findElectron();
if (electronDist === undefined) {
  console.error(
    'The Electron binary is not here and could not be downloaded, so no package was made.',
  );
  console.error('Run `npx install-electron` where the network allows it, then `npm run package`.');
  process.exitCode = 1;
} else {
  await runElectronBuilder(electronDist);
}
