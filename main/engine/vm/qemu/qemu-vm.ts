import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Duplex } from 'node:stream';
import { AppError, isAppError } from '../../base/app-error.ts';
import { connectUnixSocket } from '../../host/unix-socket.ts';
import type { BoundedLog } from '../bounded-log.ts';
import type { OnConsole, Vm, VmDisk, VmDiskOverlay, VmExit, VmPlace } from '../driver.ts';
import { agentPortOpened } from './agent-port-opened.ts';
import { switchDisks } from './disk-overlays.ts';
import { exitReason, shutdownEventSchema } from './exit-reason.ts';
import { boundMonitorLog, readMonitorLogTail } from './monitor-log.ts';
import { moveMachine } from './move-machine.ts';
import type { QmpClient, QmpEvent } from './qmp.ts';
import { pauseMachine, queryStatus, resumeMachine } from './run-state.ts';
import {
  isAlive,
  removeRuntimeFiles,
  type MachineRecord,
  type RuntimeFiles,
} from './runtime-files.ts';
import { saveMachine } from './save-machine.ts';
import { setDisks } from './set-disks.ts';
import type { ShareDaemon } from './share-daemon.ts';

/** The connected parts of a machine; the handle owns them from then on. */
export interface QemuVmParts {
  readonly record: MachineRecord;
  readonly files: RuntimeFiles;
  readonly monitor: QmpClient;
  readonly console: Socket;
  readonly consoleLog: BoundedLog;
  /** See {@link BoundedLog}. */
  readonly maxConsoleLogBytes: number;
  readonly onConsole: OnConsole | undefined;
  /** As it is found; one that is being started runs as soon as anybody sees it. */
  readonly isPaused?: boolean;
  readonly monitorLogPath: string;
  /** What serves its shared directories, where it has any. */
  readonly shares: ShareDaemon | undefined;
  /** Settles when the process has ended, with how it did: `exit code 1`. Never rejects. */
  readonly processEnded: Promise<string>;
}

const consoleTailBytes = 8 * 1024;

/** A QEMU process that runs a machine. */
export class QemuVm implements Vm {
  readonly pid: number;
  readonly accelerator: MachineRecord['accelerator'];
  readonly exited: Promise<VmExit>;
  #parts: QemuVmParts;
  readonly #consoleCopied: Promise<void>;
  #unboundMonitorLog: () => void;
  readonly #unwatchShares: (() => void) | undefined;
  #shutdown: { guest: boolean; reason: string } | undefined;
  #fault: string | undefined;
  #killed = false;
  #quitRequested = false;
  #released = false;
  #hasEnded = false;
  #port: Socket | undefined;
  #portTurn: Promise<unknown> = Promise.resolve();
  #isPaused: boolean;
  #controlTurn: Promise<unknown> = Promise.resolve();

  constructor(parts: QemuVmParts) {
    this.pid = parts.record.pid;
    this.accelerator = parts.record.accelerator;
    this.#parts = parts;
    this.#isPaused = parts.isPaused === true;
    parts.monitor.onEvent((event) => {
      this.#onEvent(event);
    });
    this.#consoleCopied = this.#copyConsole();
    this.#unboundMonitorLog = boundMonitorLog(parts.monitorLogPath);
    this.#unwatchShares = parts.shares?.watch(() => {
      void this.#onSharesEnded();
    });
    const { promise, resolve } = Promise.withResolvers<VmExit>();
    this.exited = promise;
    void parts.processEnded.then(async (how) => {
      if (this.#released) return;
      resolve(await this.#onProcessEnded(how));
    });
  }

  get networkSocket(): string | undefined {
    const { record, files } = this.#parts;
    return record.hasNetwork === true ? files.network : undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): Promise<void> {
    return this.#control(async (monitor) => {
      await pauseMachine(monitor);
      this.#isPaused = true;
    });
  }

  resume(): Promise<void> {
    return this.#control(async (monitor) => {
      await resumeMachine(monitor);
      this.#isPaused = false;
    });
  }

  async agentPortOpened(signal?: AbortSignal): Promise<void> {
    this.#checkRuns();
    await agentPortOpened(this.#parts.monitor, this.exited, signal);
  }

  save(...[statePath, options = {}]: Parameters<Vm['save']>): Promise<void> {
    const { files, record } = this.#parts;
    const memoryIsKept = record.memoryIsKept === true;
    return this.#control((monitor) =>
      saveMachine({ monitor, socketPath: files.migration, statePath, memoryIsKept, options }),
    );
  }

  switchDisks(overlays: readonly VmDiskOverlay[]): Promise<void> {
    return this.#control((monitor) => switchDisks(monitor, overlays));
  }

  setDisks(disks: readonly VmDisk[]): Promise<void> {
    return this.#control((monitor) => setDisks(monitor, disks));
  }

  moveTo(place: VmPlace, { onConsole }: { readonly onConsole?: OnConsole | undefined } = {}) {
    return this.#control(async () => {
      const { maxConsoleLogBytes } = this.#parts;
      const moved = await moveMachine(this.#parts, place, maxConsoleLogBytes);
      this.#unboundMonitorLog();
      this.#parts = { ...this.#parts, ...moved, onConsole };
      this.#unboundMonitorLog = boundMonitorLog(moved.monitorLogPath);
    });
  }

  async openAgentPort(signal?: AbortSignal): Promise<Duplex> {
    const turn = this.#portTurn.then(() => this.#takePort(signal));
    this.#portTurn = turn.catch(() => undefined);
    return turn;
  }

  async quit(): Promise<void> {
    if (this.#hasEnded) return;
    this.#checkHeld();
    this.#quitRequested = true;
    try {
      await this.#parts.monitor.execute('quit');
    } catch (error) {
      // QEMU may be gone before its answer is here.
      if (!this.#parts.monitor.isClosed) throw error;
    }
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded) {
      this.#checkHeld();
      this.#killed = true;
      await this.#endProcess();
    }
    await this.exited;
  }

  async release(): Promise<void> {
    if (this.#released || this.#hasEnded) return;
    this.#released = true;
    this.#closeConnections();
    await this.#consoleCopied;
    await this.#parts.consoleLog.close();
  }

  async #takePort(signal: AbortSignal | undefined): Promise<Socket> {
    if (this.#port !== undefined && !this.#port.closed) {
      const gone = finished(this.#port).catch(() => undefined);
      this.#port.destroy();
      await gone;
    }
    if (this.#hasEnded) throw new AppError('agent/disconnected', 'The machine has ended.');
    this.#checkHeld();
    try {
      this.#port = await connectUnixSocket(this.#parts.files.agent, signal);
    } catch (cause) {
      if (isAppError(cause)) throw cause;
      const message = 'The port of the guest agent cannot be reached.';
      throw new AppError('agent/disconnected', message, { cause });
    }
    return this.#port;
  }

  #onEvent(event: QmpEvent): void {
    if (event.event === 'SHUTDOWN') {
      this.#shutdown = shutdownEventSchema.safeParse(event.data).data ?? this.#shutdown;
    }
    if (event.event === 'STOP') void this.#onStopped();
  }

  /** A machine whose processor can go on no more is stopped by QEMU, which stays: end it. */
  async #onStopped(): Promise<void> {
    try {
      const status = await queryStatus(this.#parts.monitor);
      if (status !== 'internal-error' && status !== 'guest-panicked') return;
      this.#fault = `QEMU stopped the machine: ${status}.`;
      await this.#endProcess();
    } catch {
      // The monitor has gone: the process is ending by itself.
    }
  }

  /** QEMU goes on without its daemon, but the guest waits forever for its files: end it. */
  async #onSharesEnded(): Promise<void> {
    try {
      // A QEMU that ends takes its daemon with it, and does not answer any more.
      await this.#parts.monitor.execute('query-status');
      this.#fault = 'The process that shares directories with the machine has ended.';
      await this.#endProcess();
    } catch {
      // The monitor has gone: the process is ending by itself.
    }
  }

  async #endProcess(): Promise<void> {
    const { record } = this.#parts;
    if (!(await isAlive(record, record.bootId))) return;
    try {
      process.kill(record.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** What was said last is in the sockets still: read them to their ends before judging. */
  async #onProcessEnded(how: string): Promise<VmExit> {
    const { monitor, consoleLog, monitorLogPath, files, shares } = this.#parts;
    await Promise.all([monitor.closed, this.#consoleCopied, shares?.end()]);
    this.#hasEnded = true;
    const exit = exitReason({
      killed: this.#killed,
      quitRequested: this.#quitRequested,
      fault: this.#fault,
      shutdown: this.#shutdown,
      process: how,
      monitorLogTail: await readMonitorLogTail(monitorLogPath),
      consoleTail: await consoleLog.tail(consoleTailBytes),
    });
    this.#closeConnections();
    await consoleLog.close();
    await removeRuntimeFiles(files);
    return exit;
  }

  /** Reading at the pace of the disk holds back a guest that floods its console. */
  async #copyConsole(): Promise<void> {
    try {
      for await (const chunk of this.#parts.console as AsyncIterable<Buffer>) {
        const { consoleLog, onConsole } = this.#parts;
        await consoleLog.append(chunk);
        await onConsole?.(chunk);
      }
    } catch {
      // The machine or this handle has closed it; there is nothing more to keep.
    }
  }

  #closeConnections(): void {
    this.#unboundMonitorLog();
    this.#unwatchShares?.();
    this.#parts.monitor.close();
    this.#parts.console.destroy();
    this.#port?.destroy();
  }

  /** One after the other: each begins by looking at what the one before has left. */
  #control(work: (monitor: QmpClient) => Promise<void>): Promise<void> {
    const { monitor } = this.#parts;
    const turn = this.#controlTurn.then(async () => {
      this.#checkRuns();
      try {
        await work(monitor);
      } catch (cause) {
        if (isAppError(cause) || !monitor.isClosed) throw cause;
        throw new AppError('vm/crashed', 'The machine has ended.', { cause });
      }
    });
    this.#controlTurn = turn.catch(() => undefined);
    return turn;
  }

  #checkRuns(): void {
    if (this.#hasEnded) throw new AppError('vm/crashed', 'The machine has ended.');
    this.#checkHeld();
  }

  #checkHeld(): void {
    if (!this.#released) return;
    throw new AppError('vm/unsupported', 'This handle has let go of its machine.', {
      hint: 'Find the machine again with reattach().',
    });
  }
}
