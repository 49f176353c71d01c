/** Opens a terminal emulator of this machine's desktop with `skerry shell NAME` in it. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { OpenedTerminal } from '../../../contract/system-terminal.ts';
import { AppError } from '../../base/app-error.ts';
import { findProgram, programAt } from '../find-program.ts';
import { writeCommandFile } from './command-file.ts';
import { startApart } from './start-apart.ts';
import { emulatorArguments, knownEmulators } from './terminal-emulators.ts';
import { terminalEnvironment } from './terminal-environment.ts';

/** What is opened, and where. */
export interface SystemTerminalRequest {
  /** Name of a sandbox that runs; checked by the schema of names. */
  readonly name: string;
  /** Name or absolute path of the emulator; empty to find one. */
  readonly emulator: string;
  /** The words that run the `skerry` command; none where this program came without it. */
  readonly skerryCommand: readonly string[];
  /** A private directory that is there. */
  readonly runtimeDir: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  /** How long an emulator's start is watched, in milliseconds. */
  readonly watchMs?: number;
}

/** A busy machine needs a while to fail too; whoever waits for this sees the terminal meanwhile. */
const defaultWatchMs = 5_000;

/**
 * Starts the emulator apart from this process, word by word and without a shell.
 * @throws AppError `terminal/no-command`, `terminal/no-display`, `terminal/no-emulator`, or
 * `terminal/failed` where the emulator ended at once
 */
export async function openSystemTerminal(request: SystemTerminalRequest): Promise<OpenedTerminal> {
  const { platform = process.platform } = request;
  if (request.skerryCommand.length === 0) {
    const message = 'What is installed here is the desktop app alone, without a command line.';
    throw new AppError('terminal/no-command', message);
  }
  return platform === 'darwin' ? openOnMac(request) : openOnDesktop(request);
}

async function openOnDesktop(request: SystemTerminalRequest): Promise<OpenedTerminal> {
  const { env = process.env } = request;
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    throw new AppError(
      'terminal/no-display',
      'Neither DISPLAY nor WAYLAND_DISPLAY is set for the host process.',
      { details: commandDetails(request) },
    );
  }
  const emulator = await findEmulator(request, env);
  await start(request, emulator, emulatorArguments(emulator, shellCommand(request, env)));
  return { emulator };
}

/** The one that is set, or the first that is there. */
async function findEmulator(
  request: SystemTerminalRequest,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { emulator } = request;
  const wanted = emulator === '' ? [env['TERMINAL'] ?? '', ...knownEmulators] : [emulator];
  const lookedFor = wanted.filter((name) => name !== '');
  for (const name of lookedFor) {
    const found = await lookFor(name, env['PATH']);
    if (found !== undefined) return found;
  }
  const message =
    emulator === ''
      ? `None of these is on the PATH: ${lookedFor.join(', ')}.`
      : `"${emulator}", which is set as the system terminal, is not a program on the PATH.`;
  throw new AppError('terminal/no-emulator', message, {
    details: { lookedFor, ...commandDetails(request) },
  });
}

async function lookFor(name: string, searchPath = ''): Promise<string | undefined> {
  if (path.isAbsolute(name)) return (await programAt(name))?.path;
  // A path from here would depend on the directory in which the host process was started.
  return name.includes('/') ? undefined : (await findProgram(name, searchPath))?.path;
}

async function openOnMac(request: SystemTerminalRequest): Promise<OpenedTerminal> {
  const { env = process.env, runtimeDir } = request;
  const emulator = request.emulator === '' ? 'Terminal' : request.emulator;
  const file = await writeCommandFile(runtimeDir, shellCommand(request, env));
  try {
    const open = (await findProgram('open', env['PATH']))?.path ?? '/usr/bin/open';
    await start(request, open, ['-a', emulator, file.path]);
  } catch (error) {
    await file.remove();
    throw error;
  }
  return { emulator };
}

async function start(
  request: SystemTerminalRequest,
  program: string,
  args: readonly string[],
): Promise<void> {
  const { env = process.env, watchMs = defaultWatchMs } = request;
  const failure = await startApart(program, args, {
    env: terminalEnvironment(env),
    cwd: homedir(),
    watchMs,
  });
  if (failure === undefined) return;
  throw new AppError('terminal/failed', `${program} ${failure}.`, {
    details: { started: [program, ...args].join(' '), ...commandDetails(request) },
  });
}

/**
 * The command of the terminal. Its state directory is one of its words: an emulator may run it from
 * a process of its own that has another environment.
 */
function shellCommand(request: SystemTerminalRequest, env: NodeJS.ProcessEnv): string[] {
  const named = ['SKERRY_HOME', 'SKERRY_CACHE'].flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [`${name}=${path.resolve(value)}`];
  });
  const prefix = named.length === 0 ? [] : ['/usr/bin/env', ...named];
  return [...prefix, ...request.skerryCommand, 'shell', request.name];
}

/** What one can do by hand instead. */
function commandDetails({ name }: SystemTerminalRequest): { readonly command: string } {
  return { command: `skerry shell ${name}` };
}
