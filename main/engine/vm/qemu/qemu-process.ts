/** A QEMU process of its own session, from its start to where its monitor answers. */
import { mkdir } from 'node:fs/promises';
import { AppError, cancelledError, isAppError } from '../../base/app-error.ts';
import { readBootId } from '../../host/probe-cache.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { connectUnixSocket, waitForFile } from '../../host/unix-socket.ts';
import { BoundedLog } from '../bounded-log.ts';
import type { OnConsole, VmSpec } from '../driver.ts';
import { readMonitorLogTail } from './monitor-log.ts';
import { QmpClient } from './qmp.ts';
import { QemuVm, type QemuVmParts } from './qemu-vm.ts';
import {
  removeRuntimeFiles,
  writeRecord,
  type MachineRecord,
  type RuntimeFiles,
} from './runtime-files.ts';
import { ShareDaemon } from './share-daemon.ts';
import { spawnDetached, type DetachedProcess, type ProcessEnd } from './spawn-detached.ts';

/** From the start of the process to a machine that runs; a busy disk or host needs its time. */
const startTimeoutMs = 60_000;

/** What to start. */
export interface Launch {
  readonly qemuPath: string;
  readonly arguments: readonly string[];
  readonly spec: VmSpec;
  readonly files: RuntimeFiles;
  /** See BoundedLog. */
  readonly maxConsoleLogBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly onConsole: OnConsole | undefined;
}

/** Starts QEMU and lets its machine run. Whatever fails, no process and no socket is left. */
export async function launchQemu(launch: Launch): Promise<QemuVm> {
  const { spec, files } = launch;
  await mkdir(files.directory, { recursive: true, mode: 0o700 });
  const consoleLog = await BoundedLog.open(spec.consoleLogPath, {
    mode: 'new',
    maxBytes: launch.maxConsoleLogBytes,
  });
  let qemu: DetachedProcess | undefined;
  let endedEarly: string | undefined;
  let recording: Promise<MachineRecord> | undefined;
  let shares: ShareDaemon | undefined;
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  const timer = setTimeout(onAbort, startTimeoutMs);
  launch.signal?.addEventListener('abort', onAbort, { once: true });
  if (launch.signal?.aborted === true) onAbort();
  try {
    const ready = waitForFile(files.agent, stop.signal);
    ready.catch(() => undefined);
    if (spec.shares?.transport === 'virtiofs' && spec.shares.entries.length > 0) {
      shares = await ShareDaemon.start(spec.shares, files, stop.signal);
    }
    qemu = await spawnQemu(launch);
    const ended = qemu.ended.then(describeEnd);
    void ended.then((how) => {
      if (!stop.signal.aborted) endedEarly = how;
      onAbort();
    });
    recording = recordMachine(qemu.child.pid ?? 0, spec, files);
    const [record] = await Promise.all([recording, ready]);
    const { onConsole } = launch;
    const parts = { record, files, consoleLog, onConsole, shares, processEnded: ended };
    return await connectMachine({ ...parts, monitorLogPath: spec.monitorLogPath }, stop.signal);
  } catch (error) {
    stop.abort();
    const reason = await startError(error, endedEarly, launch);
    qemu?.child.kill('SIGKILL');
    await qemu?.ended;
    await shares?.end();
    await Promise.allSettled([recording]);
    await consoleLog.close();
    await removeRuntimeFiles(files);
    throw reason;
  } finally {
    clearTimeout(timer);
    launch.signal?.removeEventListener('abort', onAbort);
  }
}

async function connectMachine(
  parts: Omit<QemuVmParts, 'monitor' | 'console'>,
  signal: AbortSignal,
): Promise<QemuVm> {
  const { files } = parts;
  const console = await connectUnixSocket(files.console, signal);
  let monitor: QmpClient;
  try {
    monitor = await QmpClient.connect(await connectUnixSocket(files.monitor, signal), { signal });
  } catch (error) {
    console.destroy();
    throw error;
  }
  // The handle listens before the machine runs, so that nothing of it is missed.
  const vm = new QemuVm({ ...parts, console, monitor });
  try {
    await monitor.execute('cont', {}, signal);
    return vm;
  } catch (error) {
    // The handle cleans up after its machine: let it finish before anything starts in its place.
    await vm.kill();
    throw error;
  }
}

function spawnQemu({ qemuPath, arguments: args, spec }: Launch): Promise<DetachedProcess> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  return spawnDetached({ program: qemuPath, args, env, logPath: spec.monitorLogPath });
}

async function recordMachine(
  pid: number,
  spec: VmSpec,
  files: RuntimeFiles,
): Promise<MachineRecord> {
  const [startTime, bootId] = await Promise.all([processStartTime(pid), readBootId()]);
  if (startTime === undefined) throw new Error('QEMU ended as soon as it was started.');
  const record: MachineRecord = {
    version: 1,
    id: spec.id,
    pid,
    startTime,
    ...(bootId === undefined ? {} : { bootId }),
    accelerator: spec.accelerator,
    hasNetwork: spec.network !== undefined,
  };
  await writeRecord(files, record);
  return record;
}

function describeEnd({ exitCode, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
}

async function startError(
  error: unknown,
  endedEarly: string | undefined,
  { signal, spec, files, qemuPath }: Launch,
): Promise<unknown> {
  if (signal?.aborted === true) return cancelledError('Starting the machine');
  if (isAppError(error) && error.code !== 'operation/cancelled') return error;
  if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn') === true) {
    return new AppError('vm/qemu-missing', `${qemuPath} cannot be started.`, { cause: error });
  }
  const log = await readMonitorLogTail(spec.monitorLogPath);
  const locked = /Failed to get .{0,40}lock\n?.{0,60}using the image \[(.{1,4096}?)\]/s.exec(log);
  if (locked?.[1] !== undefined) {
    return new AppError('vm/start-failed', `Another machine uses the disk ${locked[1]}.`, {
      hint: 'Stop the other machine first.',
      details: { disk: locked[1], log },
    });
  }
  const lastLine = log.split('\n').at(-1) ?? '';
  // A daemon that gives up is why QEMU cannot go on, which knows less of it.
  const shareLog = await readMonitorLogTail(files.shareLog);
  const why = [
    lastLine || describeStartError(error, endedEarly),
    shareLog.split('\n').at(-1) ?? '',
  ];
  return new AppError('vm/start-failed', `The machine did not start: ${why.join(' ').trim()}`, {
    details: { log, ...(shareLog === '' ? {} : { shareLog }) },
    cause: error,
  });
}

function describeStartError(error: unknown, endedEarly: string | undefined): string {
  if (endedEarly !== undefined) return `QEMU ended with ${endedEarly}.`;
  if (isAppError(error)) return `QEMU was not ready after ${String(startTimeoutMs / 1000)} s.`;
  return error instanceof Error ? error.message : String(error);
}
