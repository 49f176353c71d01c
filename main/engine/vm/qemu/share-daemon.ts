/** The virtiofs daemon of one machine: a process of its own session that lives as long as QEMU. */
import { mkdir, readFile } from 'node:fs/promises';
import { AppError, isAppError } from '../../base/app-error.ts';
import { readBootId } from '../../host/probe-cache.ts';
import {
  buildShareCommand,
  parseShareRecord,
  shareEntryExitCode,
  shareEnvironment,
  type ShareRecord,
} from '../../host/share-command.ts';
import { waitForFile } from '../../host/unix-socket.ts';
import type { VmShares } from '../driver.ts';
import { boundMonitorLog, readMonitorLogTail } from './monitor-log.ts';
import { isAlive, type RuntimeFiles } from './runtime-files.ts';
import { spawnDetached, type DetachedProcess, type ProcessEnd } from './spawn-detached.ts';

/** A killed process ends within this, or hangs in the kernel, where nobody can help it. */
const endTimeoutMs = 10_000;
const endPollMs = 20;
/** How soon a daemon that is gone is noticed: its machine's reads hang until then. */
const watchPollMs = 1_000;

/** See the head of this file. It ends by itself when its machine's QEMU does. */
export class ShareDaemon {
  readonly #record: ShareRecord;
  readonly #files: RuntimeFiles;

  private constructor(record: ShareRecord, files: RuntimeFiles) {
    this.#record = record;
    this.#files = files;
  }

  /**
   * Starts it; resolves when QEMU can connect. Whatever fails, no process is left.
   * @throws AppError `vm/start-failed` for an entry that is not what it was, `share/unavailable`
   */
  static async start(
    shares: VmShares,
    files: RuntimeFiles,
    signal: AbortSignal,
  ): Promise<ShareDaemon> {
    if (shares.tools === undefined) {
      throw new AppError(
        'share/unavailable',
        'The machine was given nothing to share by virtiofs.',
      );
    }
    await mkdir(files.shareStaging);
    const socket = { staging: files.shareStaging, socket: files.shares, record: files.shareRecord };
    const [program, args] = buildShareCommand(shares.tools, socket, shares.entries);
    const stop = new AbortController();
    const ready = waitForFile(files.shares, AbortSignal.any([signal, stop.signal]));
    ready.catch(() => undefined);
    let daemon: DetachedProcess | undefined;
    try {
      daemon = await spawnDetached({
        program,
        args,
        env: shareEnvironment,
        logPath: files.shareLog,
      });
      const end = await Promise.race([ready, daemon.ended]);
      if (end !== undefined) throw await startError(end, files);
      const record = await readShareRecord(files);
      if (record === undefined) throw new Error(`${files.shareRecord} names no process.`);
      return new ShareDaemon(record, files);
    } catch (error) {
      if (daemon !== undefined) await killDaemon(daemon);
      if (isAppError(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new AppError('share/unavailable', `Nothing can be shared: ${why}`, { cause: error });
    } finally {
      stop.abort();
    }
  }

  /** The daemon that the machine with these files was started with, whether it lives or not. */
  static async find(files: RuntimeFiles): Promise<ShareDaemon | undefined> {
    const record = await readShareRecord(files);
    if (record === undefined || record.bootId !== (await readBootId())) return undefined;
    return new ShareDaemon(record, files);
  }

  /** Calls back once when it is seen to have ended, and bounds its log meanwhile, until told to stop. */
  watch(onEnd: () => void): () => void {
    const unboundLog = boundMonitorLog(this.#files.shareLog);
    // There is no event for the end of a process that may not be a child of this one.
    const timer = setInterval(() => {
      void this.#isAlive().then((alive) => {
        if (alive) return;
        stop();
        onEnd();
      });
    }, watchPollMs);
    timer.unref();
    const stop = (): void => {
      clearInterval(timer);
      unboundLog();
    };
    return stop;
  }

  /** Ends it, with the process that it keeps the guest's requests in; resolves when both are gone. */
  async end(): Promise<void> {
    if (!(await this.#isAlive())) return;
    signalGroup(this.#record.pid, 'SIGKILL');
    await waitForGroup(this.#record.pid);
  }

  #isAlive(): Promise<boolean> {
    return isAlive(this.#record, this.#record.bootId);
  }
}

async function readShareRecord(files: RuntimeFiles): Promise<ShareRecord | undefined> {
  return parseShareRecord(await readFile(files.shareRecord, 'latin1').catch(() => ''));
}

async function startError({ exitCode }: ProcessEnd, files: RuntimeFiles): Promise<AppError> {
  const log = await readMonitorLogTail(files.shareLog);
  const why = log.split('\n').at(-1) ?? '';
  const details = { log };
  if (exitCode === shareEntryExitCode) {
    return new AppError('vm/start-failed', `A directory or file cannot be shared: ${why}`, {
      hint: 'Check the path on the host.',
      details,
    });
  }
  const message = `Nothing can be shared: ${why || `exit code ${String(exitCode ?? -1)}`}`;
  return new AppError('share/unavailable', message, { details });
}

async function killDaemon({ child, ended }: DetachedProcess): Promise<void> {
  const pid = child.pid ?? 0;
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(pid, 'SIGKILL');
  await ended;
  await waitForGroup(pid);
}

async function waitForGroup(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < endTimeoutMs; waitedMs += endPollMs) {
    if (!signalGroup(pid, 0)) return;
    await new Promise((resolve) => setTimeout(resolve, endPollMs));
  }
}

/** Whether there was anybody to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
