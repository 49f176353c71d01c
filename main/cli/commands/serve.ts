import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import path from 'node:path';
import { AppError, isAppError, toErrorData } from '../../engine/index.ts';
import { requestAddress } from '../../server/client/host-client.ts';
import { createFileLogger } from '../../server/file-logger.ts';
import {
  startHostProcess,
  type HostProcess,
  type HostProcessOptions,
} from '../../server/host-process.ts';
import { readVersion } from '../../server/version.ts';
import { currentPaths } from '../connect.ts';
import { Interrupts } from '../interrupts.ts';
import { print, write } from '../output.ts';
import type { ServeOptions } from '../options.ts';
import type { ReadyMessage } from '../start-background-host.ts';

/**
 * `skerry serve`: the host process itself; ends at a signal, and the sandboxes go on.
 * Tests open another engine.
 */
export async function serve(
  options: ServeOptions,
  openEngine?: HostProcessOptions['openEngine'],
): Promise<number> {
  const interrupts = new Interrupts();
  let count = 0;
  const interrupted = new Promise<void>((resolve) => {
    interrupts.handle((signal) => {
      // Whoever asks again does not want to wait for the end in order.
      if (count > 0) process.exit(128 + signal);
      count += 1;
      resolve();
    });
  });
  let host: HostProcess;
  try {
    host = await start(options, openEngine);
  } catch (error) {
    tellReady(options.readyFd, { error: toErrorData(error) });
    throw await withAddress(error);
  }
  try {
    if (options.background !== true) await announce(host, options);
    tellReady(options.readyFd, { socket: host.socketPath });
    await interrupted;
  } finally {
    await host.close();
  }
  return 0;
}

async function start(
  { port }: ServeOptions,
  openEngine: HostProcessOptions['openEngine'],
): Promise<HostProcess> {
  const paths = currentPaths();
  const isVerbose = process.env['SKERRY_DEBUG'] !== undefined;
  const logDir = path.join(paths.stateDir, 'logs');
  const logFile = path.join(logDir, 'host.log');
  const logger = createFileLogger(logFile, isVerbose);
  process.on('uncaughtExceptionMonitor', (error) => {
    logger.error('The host process fails', { error: error.stack ?? error.message });
  });
  const version = readVersion();
  return startHostProcess({
    paths,
    version,
    logger,
    logFiles: { 'host.log': logFile, 'host-output.log': path.join(logDir, 'host-output.log') },
    ...(port !== undefined && { port }),
    ...(openEngine !== undefined && { openEngine }),
  });
}

async function announce(host: HostProcess, { open }: ServeOptions): Promise<void> {
  const url = await host.address();
  // Serving goes on where nobody reads what is printed.
  await print(`Skerry is at ${url}\n`).catch(() => undefined);
  if (process.stderr.isTTY) {
    await write(process.stderr, 'Ctrl+C ends it; running sandboxes go on.\n').catch(
      () => undefined,
    );
  }
  // Command lines can be read by every user of the machine, so this token is good once.
  if (open === true) openBrowser(await host.address(true));
}

function openBrowser(url: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  // Without a browser the printed address is what there is.
  child.on('error', () => undefined);
  child.unref();
}

function tellReady(fd: number | undefined, message: ReadyMessage): void {
  if (fd === undefined) return;
  try {
    writeSync(fd, JSON.stringify(message));
    closeSync(fd);
  } catch {
    // Whoever started this process has gone; it serves all the same.
  }
}

/** Where another host process runs, its address is what the user wants. */
async function withAddress(error: unknown): Promise<unknown> {
  if (!isAppError(error, 'host/already-running')) return error;
  const socket = error.details?.['socket'];
  if (typeof socket !== 'string') return error;
  try {
    const url = await requestAddress(socket);
    const { code, message, details } = error;
    return new AppError(code, message, { hint: `Open ${url}`, details, cause: error });
  } catch {
    return error;
  }
}
