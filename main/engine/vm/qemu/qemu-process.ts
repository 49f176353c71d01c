/** A QEMU process of its own session, from its start to where its monitor answers. */
import { mkdir, rm } from 'node:fs/promises';
import { readBootId } from '../../host/probe-cache.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { connectUnixSocket, waitForFile } from '../../host/unix-socket.ts';
import { BoundedLog } from '../bounded-log.ts';
import type { OnConsole, OnStartPart, VmSpec } from '../driver.ts';
import { makeMemoryFile } from './memory-file.ts';
import { QmpClient } from './qmp.ts';
import { QemuVm, type QemuVmParts } from './qemu-vm.ts';
import {
  openSavedState,
  restoreMachine,
  settleRestored,
  type SavedState,
} from './restore-machine.ts';
import {
  removeRuntimeFiles,
  writeRecord,
  type MachineRecord,
  type RuntimeFiles,
} from './runtime-files.ts';
import { ShareDaemon } from './share-daemon.ts';
import { spawnDetached, type DetachedProcess, type ProcessEnd } from './spawn-detached.ts';
import { startError } from './start-error.ts';

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
  readonly onPart: OnStartPart;
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
  let state: SavedState | undefined;
  let memoryPath: string | undefined;
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  let timeoutMs = startTimeoutMs;
  let timer: NodeJS.Timeout | undefined;
  launch.signal?.addEventListener('abort', onAbort, { once: true });
  if (launch.signal?.aborted === true) onAbort();
  try {
    if (spec.from !== undefined) state = await openSavedState(spec.from, spec);
    timeoutMs += state?.timeoutMs ?? 0;
    timer = setTimeout(onAbort, timeoutMs);
    if (spec.memoryPath !== undefined) {
      await makeMemoryFile(spec.memoryPath);
      memoryPath = spec.memoryPath;
    }
    const ready = waitForFile(files.agent, stop.signal);
    ready.catch(() => undefined);
    if (spec.shares?.transport === 'virtiofs' && spec.shares.entries.length > 0) {
      shares = await ShareDaemon.start(spec.shares, files, stop.signal);
    }
    launch.onPart({ key: 'qemu', label: 'Start QEMU' });
    qemu = await spawnQemu(launch, state?.file.fd);
    const ended = qemu.ended.then(describeEnd);
    void ended.then((how) => {
      if (!stop.signal.aborted) endedEarly = how;
      onAbort();
    });
    recording = recordMachine(qemu.child.pid ?? 0, spec, files);
    const [record] = await Promise.all([recording, ready]);
    launch.onPart({ key: 'monitor', label: 'Wait for its monitor' });
    const { onConsole } = launch;
    const { maxConsoleLogBytes } = launch;
    const parts = {
      ...{ record, files, consoleLog, maxConsoleLogBytes, onConsole, shares },
      processEnded: ended,
    };
    return await connectMachine(
      { ...parts, monitorLogPath: spec.monitorLogPath },
      launch,
      stop.signal,
    );
  } catch (error) {
    stop.abort();
    const reason = await startError({ ...launch, error, endedEarly, timeoutMs });
    qemu?.child.kill('SIGKILL');
    await qemu?.ended;
    await shares?.end();
    await Promise.allSettled([recording]);
    await consoleLog.close();
    await removeRuntimeFiles(files);
    if (memoryPath !== undefined) await rm(memoryPath, { force: true });
    throw reason;
  } finally {
    clearTimeout(timer);
    await state?.file.close();
    launch.signal?.removeEventListener('abort', onAbort);
  }
}

async function connectMachine(
  parts: Omit<QemuVmParts, 'monitor' | 'console'>,
  { spec: { from, startsPaused = false }, onPart }: Launch,
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
  const vm = new QemuVm({ ...parts, console, monitor, isPaused: startsPaused });
  try {
    if (from === undefined) {
      if (!startsPaused) await monitor.execute('cont', {}, signal);
    } else {
      onPart({ key: 'restore', label: 'Read the saved machine' });
      await restoreMachine(monitor, from, signal);
      await settleRestored(monitor, startsPaused, signal);
    }
    return vm;
  } catch (error) {
    // The handle cleans up after its machine: let it finish before anything starts in its place.
    await vm.kill();
    throw error;
  }
}

function spawnQemu(
  { qemuPath, arguments: args, spec }: Launch,
  inherited: number | undefined,
): Promise<DetachedProcess> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  return spawnDetached({ program: qemuPath, args, env, logPath: spec.monitorLogPath, inherited });
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
    memoryIsKept: spec.memoryPath !== undefined,
  };
  await writeRecord(files, record);
  return record;
}

function describeEnd({ exitCode, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
}
