/**
 * Bundles the app with Vite: the renderer as its own config says, and Electron's main process and
 * preload script with everything they import, so that a package needs no node_modules.
 */
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { build } from 'vite';

/** The checkout. */
export const projectDir = path.resolve(import.meta.dirname, '..');

/** Where the bundles go unless told otherwise: `<outDir>/renderer` and `<outDir>/electron`. */
const defaultOutDir = path.join(projectDir, 'dist');

/**
 * Builds everything.
 * @param {{ outDir?: string, logLevel?: 'info' | 'warn' | 'error' | 'silent' }} [options]
 */
export async function buildAll(options = {}) {
  await buildRenderer(options);
  await buildElectron(options);
}

/** Builds what the window and the browser show. Takes the options of {@link buildAll}. */
export async function buildRenderer({ outDir = defaultOutDir, logLevel = 'warn' } = {}) {
  await build({
    configFile: path.join(projectDir, 'renderer/vite.config.ts'),
    logLevel,
    build: {
      outDir: path.join(outDir, 'renderer'),
      emptyOutDir: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
    },
  });
}

/** Builds the main process and the preload script. Takes the options of {@link buildAll}. */
export async function buildElectron({ outDir = defaultOutDir, logLevel = 'warn' } = {}) {
  const dir = path.join(outDir, 'electron');
  await rm(dir, { recursive: true, force: true });
  const workers = new Map();
  await bundle({
    entry: 'main/electron/main.ts',
    file: 'main.js',
    format: 'es',
    dir,
    logLevel,
    plugins: [findWorkers(workers)],
  });
  for (const [entry, file] of workers) await bundle({ entry, file, format: 'es', dir, logLevel });
  // A sandboxed preload script is CommonJS, one file, and may require nothing but electron.
  await bundle({
    entry: 'main/electron/preload.ts',
    file: 'preload.cjs',
    format: 'cjs',
    dir,
    logLevel,
  });
  await copyFile(path.join(projectDir, 'assets/icons/256x256.png'), path.join(dir, 'icon.png'));
  for (const file of ['tray.png', 'trayTemplate.png', 'trayTemplate@2x.png']) {
    await copyFile(path.join(projectDir, 'assets/tray', file), path.join(dir, file));
  }
}

/** Worker threads start from files: each becomes a bundle of its own beside the one that names it. */
function findWorkers(workers) {
  const pattern = /new URL\('(\.\/[\w-]+)\.ts', import\.meta\.url\)/g;
  return {
    name: 'skerry-workers',
    enforce: 'pre',
    transform: (code, id) => {
      if (!code.includes('new URL(')) return undefined;
      return code.replace(pattern, (_, name) => {
        workers.set(path.join(path.dirname(id), `${name}.ts`), `${path.basename(name)}.js`);
        return `new URL('./${path.basename(name)}.js', import.meta.url)`;
      });
    },
  };
}

/**
 * Node takes the CommonJS file of these, whose other one is missing or has other exports; a bundle
 * takes the same.
 */
const commonJsPackages = {
  '@xterm/headless': packageFile('@xterm/headless/lib-headless/xterm-headless.js'),
  '@xterm/addon-unicode-graphemes': packageFile(
    '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.js',
  ),
};

function packageFile(file) {
  return path.join(projectDir, 'node_modules', file);
}

async function bundle({ entry, file, format, dir, logLevel, plugins = [] }) {
  await build({
    configFile: false,
    root: projectDir,
    logLevel,
    publicDir: false,
    plugins,
    resolve: { alias: commonJsPackages },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: entry,
      outDir: dir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      rolldownOptions: {
        external: ['electron', /^node:/],
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  });
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  await buildAll({ logLevel: 'info' });
}
