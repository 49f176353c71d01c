import { readdir } from 'node:fs/promises';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { Logger } from '../../base/logger.ts';
import { readBootId } from '../../host/probe-cache.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { findQemu, qemuProgramName } from '../../host/qemu-probe.ts';
import { connectUnixSocket } from '../../host/unix-socket.ts';
import { BoundedLog } from '../bounded-log.ts';
import type { OnConsole, Vm, VmCapabilities, VmDriver, VmSpec } from '../driver.ts';
import { planVm, type VmArch } from '../plan.ts';
import { buildQemuArguments } from './qemu-arguments.ts';
import { launchQemu } from './qemu-process.ts';
import { QemuVm } from './qemu-vm.ts';
import { QmpClient } from './qmp.ts';
import {
  isAlive,
  readRecord,
  removeRuntimeFiles,
  runtimeFiles,
  type MachineRecord,
  type RuntimeFiles,
} from './runtime-files.ts';
import { settleMigration } from './settle-migration.ts';
import { ShareDaemon } from './share-daemon.ts';

/** What the driver is made with. */
export interface QemuDriverOptions {
  readonly logger: Logger;
  /** Size that the log of a guest's console does not pass; at least half of it is kept. */
  readonly maxConsoleLogBytes?: number;
}

/** A monitor of a machine that runs answers at once; one that another process holds never does. */
const reattachTimeoutMs = 10_000;
const alivePollMs = 50;

/** Runs each machine in a QEMU process that outlives this one. */
export class QemuDriver implements VmDriver {
  readonly capabilities: VmCapabilities = {
    accelerators: ['kvm', 'hvf', 'tcg'],
    save: true,
    standby: true,
    reattach: true,
    shares: ['virtiofs', '9p'],
  };
  readonly #logger: Logger;
  readonly #maxConsoleLogBytes: number;

  constructor(options: QemuDriverOptions) {
    this.#logger = options.logger;
    this.#maxConsoleLogBytes = options.maxConsoleLogBytes ?? 1024 * 1024;
  }

  async start(spec: VmSpec, options: Parameters<VmDriver['start']>[1] = {}): Promise<Vm> {
    const { signal, onConsole, onPart } = options;
    if (signal?.aborted === true) throw cancelledError('Starting the machine');
    const qemu = await findQemu();
    if (qemu === undefined) {
      const name = qemuProgramName(process.arch);
      throw new AppError('vm/qemu-missing', `${name} is not on the PATH.`);
    }
    const plan = planVm(spec, hostArch());
    const files = runtimeFiles(spec.runtimeDir);
    const context = { sockets: files, linux: process.platform === 'linux' };
    const running = await readRecord(files);
    if (running !== undefined && (await isAlive(running, await readBootId()))) {
      const message = `A machine runs in ${files.directory} already, as process ${String(running.pid)}.`;
      throw new AppError('vm/start-failed', message, { hint: 'Stop it first.' });
    }
    await endLeftover(files);
    const args = buildQemuArguments(plan, context);
    this.#logger.debug('Starting QEMU.', { path: qemu.path, arguments: args });
    return launchQemu({
      qemuPath: qemu.path,
      arguments: args,
      spec,
      files,
      maxConsoleLogBytes: this.#maxConsoleLogBytes,
      signal,
      onConsole,
      onPart: onPart ?? (() => undefined),
    });
  }

  async reattach(...[spec, options]: Parameters<VmDriver['reattach']>): Promise<Vm | undefined> {
    const files = runtimeFiles(spec.runtimeDir);
    const record = await readRecord(files);
    if (record === undefined || !(await isAlive(record, await readBootId()))) {
      await endLeftover(files);
      return undefined;
    }
    return spec.id === undefined || record.id === spec.id
      ? this.#connect(spec, files, record, options?.onConsole)
      : undefined;
  }

  async #connect(
    spec: Parameters<VmDriver['reattach']>[0],
    files: RuntimeFiles,
    record: MachineRecord,
    onConsole: OnConsole | undefined,
  ): Promise<Vm | undefined> {
    let monitor: QmpClient | undefined;
    try {
      monitor = await connectMonitor(files);
      const status = await settleMigration(monitor, AbortSignal.timeout(reattachTimeoutMs));
      if (status === 'prelaunch' || status === 'inmigrate') {
        // Its host process died before it let it run: nobody has heard of this machine.
        this.#logger.warn('Ending a machine that never ran.', { id: record.id, pid: record.pid });
        await monitor.execute('quit').catch(() => undefined);
        await monitor.closed;
        await removeLeftover(files);
        return undefined;
      }
      const consoleSocket = await connectUnixSocket(files.console);
      const consoleLog = await BoundedLog.open(spec.consoleLogPath, {
        mode: 'continue',
        maxBytes: this.#maxConsoleLogBytes,
      });
      return new QemuVm({
        record,
        files,
        monitor,
        console: consoleSocket,
        consoleLog,
        maxConsoleLogBytes: this.#maxConsoleLogBytes,
        onConsole,
        isPaused: status !== 'running',
        monitorLogPath: spec.monitorLogPath,
        shares: await ShareDaemon.find(files),
        processEnded: endOfProcess(record, monitor),
      });
    } catch (cause) {
      monitor?.close();
      if ((await processStartTime(record.pid)) !== record.startTime) {
        await removeLeftover(files);
        return undefined;
      }
      const message = `The machine runs as process ${String(record.pid)}, but its monitor cannot be used.`;
      throw new AppError('vm/start-failed', message, {
        hint: `End it with \`kill ${String(record.pid)}\`, then start the sandbox again.`,
        cause,
      });
    }
  }
}

function hostArch(): VmArch {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new AppError('vm/unsupported', `Machines for the processor ${process.arch} are not known.`);
}

async function connectMonitor(files: RuntimeFiles): Promise<QmpClient> {
  const socket = await connectUnixSocket(files.monitor);
  return QmpClient.connect(socket, { timeoutMs: reattachTimeoutMs });
}

/** Ends a QEMU whose host process died before it wrote down which process it is. */
async function endLeftover(files: RuntimeFiles): Promise<void> {
  // Most starts find nothing there, and wait for one look alone.
  const left = await readdir(files.directory).catch(() => []);
  if (left.length === 0) return;
  try {
    const monitor = await connectMonitor(files);
    await monitor.execute('quit').catch(() => undefined);
    await monitor.closed;
  } catch {
    // Nobody listens there.
  }
  await removeLeftover(files);
}

/** A daemon that never heard of a QEMU waits for it forever. */
async function removeLeftover(files: RuntimeFiles): Promise<void> {
  await (await ShareDaemon.find(files))?.end();
  await removeRuntimeFiles(files);
}

/**
 * The end of a process that is not a child of this one. The kernel says it by closing the monitor;
 * the process itself may take a moment longer, for which there is no event.
 */
async function endOfProcess(record: MachineRecord, monitor: QmpClient): Promise<string> {
  await monitor.closed;
  while ((await processStartTime(record.pid)) === record.startTime) {
    await new Promise((resolve) => setTimeout(resolve, alivePollMs));
  }
  return 'an exit code that its earlier host process would have had';
}
