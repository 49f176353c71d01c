/** Decides how the app is shown, and starts it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { hasProgram, isRoot, run } from './set-up/command.mjs';
import { nodePath, projectDir, toolEnvironment } from './set-up/project.mjs';
import { isStamped, writeStamp } from './set-up/stamp.mjs';

/** Long enough for a slow line, and not for a network that answers nothing. */
const downloadTimeoutMs = 180_000;

/**
 * Why there is no window, in words, or undefined where there can be one.
 * @param {{ platform: string, env: Record<string, string | undefined>, isRoot: boolean }} machine
 */
export function whyNoWindow({ platform, env, isRoot: asRoot }) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  // Its sandbox cannot be set up by root, and a window without it is not worth having.
  if (platform === 'linux' && asRoot) return 'Electron does not run as root';
  return undefined;
}

/**
 * Starts the window, or the browser host where there can be none.
 * @param {{ port: number | undefined, open: boolean }} options
 * @returns {Promise<number>} the exit code
 */
export async function startApp(options) {
  const machine = { platform: process.platform, env: process.env, isRoot: isRoot() };
  let obstacle = whyNoWindow(machine);
  const electron = obstacle === undefined ? await findElectron() : undefined;
  if (electron !== undefined) return await runForeground([electron, projectDir]);
  obstacle ??= 'the Electron binary is not there and could not be downloaded';
  process.stderr.write(`No window: ${obstacle}. Skerry runs in a browser instead.\n`);
  return await runForeground(await serveCommand(options));
}

async function serveCommand({ port, open }) {
  const canOpen =
    open &&
    (process.platform === 'darwin' ||
      (Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) &&
        (await hasProgram('xdg-open'))));
  return [
    ...[nodePath, path.join(projectDir, 'main/cli/main.ts'), 'serve'],
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(canOpen ? ['--open'] : []),
  ];
}

/** Path of the Electron binary; it is fetched the first time, by the package's own installer. */
async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return existing(path.join(override, 'electron'));
  const electronDir = path.join(projectDir, 'node_modules/electron');
  const find = () => {
    const pathFile = path.join(electronDir, 'path.txt');
    if (!existsSync(pathFile)) return undefined;
    return existing(path.join(electronDir, 'dist', readFileSync(pathFile, 'utf8').trim()));
  };
  const found = find();
  if (found !== undefined) return found;
  const { version } = JSON.parse(readFileSync(path.join(electronDir, 'package.json'), 'utf8'));
  // A machine that could not fetch it once is not kept waiting at every start.
  if (await isStamped('electron-unavailable', version)) return undefined;
  process.stderr.write('  Electron: downloading\n');
  const install = [nodePath, path.join(electronDir, 'install.js')];
  await run(['timeout', String(downloadTimeoutMs / 1000), ...install]);
  if (find() === undefined) await writeStamp('electron-unavailable', version);
  return find();
}

function existing(file) {
  return existsSync(file) ? file : undefined;
}

/** Runs a program until it ends; what ends this script ends the program first. */
function runForeground([program, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectDir,
      env: toolEnvironment(),
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // A terminal sends Ctrl+C to the child too, which would take a second one for impatience.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 0);
    });
  });
}
