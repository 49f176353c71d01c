/** Starts a process that outlives this one: QEMU, and the daemon that serves its shares. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openMonitorLog } from './monitor-log.ts';

/** What {@link spawnDetached} starts, and where what it says goes. */
export interface DetachedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes its standard output and error. */
  readonly logPath: string;
  /** A descriptor of this process that it has as its number 3. */
  readonly inherited?: number | undefined;
}

/** How a process ended: one of both is there. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that runs, or ran: it may be over before anybody looks. */
export interface DetachedProcess {
  readonly child: ChildProcess;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
}

/**
 * Resolves when the process runs, in a session and process group of its own: neither a closed
 * terminal nor the end of this process reaches it. Rejects with the system's error if it cannot be.
 */
export async function spawnDetached(command: DetachedCommand): Promise<DetachedProcess> {
  const log = await openMonitorLog(command.logPath);
  try {
    const child = spawn(command.program, command.args, {
      detached: true,
      cwd: '/',
      env: command.env,
      stdio: [
        ...['ignore' as const, log.fd, log.fd],
        ...(command.inherited === undefined ? [] : [command.inherited]),
      ],
    });
    // From the beginning: a process that ends at once does so while the log is being closed.
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.once('exit', (exitCode, signal) => {
        resolve({ exitCode, signal });
      });
    });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { child, ended };
  } finally {
    await log.close();
  }
}
