/** A program of the user's with everything that it starts: one process group, which ends as one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cancelledError } from '../base/app-error.ts';
import { OutputLines } from './output-lines.ts';

/** Options of {@link runProcessGroup}. */
export interface ProcessGroupOptions {
  readonly cwd: string;
  /** Aborting ends the group. */
  readonly signal: AbortSignal;
  /** Hears stdout and stderr as plain text, whole lines as they come. */
  readonly onOutput: (text: string) => void;
  /** File descriptor that stdout goes to instead. */
  readonly stdout?: number;
}

/** Time to put things in order before the group is killed. */
const graceMs = 5000;

/** Time for what was written last to come, where something that was started outlives the program. */
const lateOutputMs = 1000;

/**
 * Runs a program to its end, without a shell and without input; resolves with its exit code, which
 * is undefined where a signal ended it. Rejects where it cannot be started (`code` is the system's,
 * as `ENOENT`) and with `operation/cancelled` where the signal aborts; the group has ended then.
 */
export async function runProcessGroup(
  command: string,
  args: readonly string[],
  options: ProcessGroupOptions,
): Promise<number | undefined> {
  const { cwd, signal, onOutput, stdout = 'pipe' } = options;
  const isAborted = (): boolean => signal.aborted;
  if (isAborted()) throw cancelledError(command);
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', stdout, 'pipe'] });
  const outputs = [child.stdout, child.stderr].map((stream) => {
    const lines = new OutputLines(onOutput);
    stream?.on('data', (bytes: Buffer) => {
      lines.push(bytes);
    });
    return lines;
  });
  let killTimer: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, graceMs);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const exitCode = await exitOf(child);
    // The program itself has ended; nothing that it started is to go on after a cancel.
    if (isAborted()) signalGroup(child, 'SIGKILL');
    await outputEnd(child);
    for (const lines of outputs) lines.end();
    if (isAborted()) throw cancelledError(command);
    return exitCode;
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(killTimer);
  }
}

function exitOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      resolve(code ?? undefined);
    });
  });
}

/** Waits until the pipes are closed, but not for a process that keeps them and goes on. */
async function outputEnd(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const timer = setTimeout(() => {
    for (const stream of streams) stream.destroy();
  }, lateOutputMs);
  for (const stream of streams) {
    if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
  }
  clearTimeout(timer);
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group has ended.
  }
}
