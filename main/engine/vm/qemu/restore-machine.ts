/** Gives a machine the state that another one was saved in, before it runs. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import type { SavedVm, VmSpec } from '../driver.ts';
import { checkMemoryFile } from './memory-file.ts';
import { noCapabilities, setCapabilities, watchMigration } from './migration.ts';
import type { QmpClient } from './qmp.ts';
import { queryStatus } from './run-state.ts';

/** Where QEMU finds the state: a file that it is started with, so that it can wait for nobody. */
const stateFileDescriptor = 3;

/** What the slowest disk reads in a second, which bounds how long reading may take. */
const slowestBytesPerSecond = 20 * 1024 * 1024;

/** What QEMU inherits. */
export interface SavedState {
  readonly file: FileHandle;
  /** How long reading it takes at most, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Opens the state for QEMU to inherit, and looks at the memory.
 * @throws AppError `vm/restore-failed`
 */
export async function openSavedState(from: SavedVm, spec: VmSpec): Promise<SavedState> {
  if (from.memoryPath !== undefined) await checkMemoryFile(from.memoryPath, spec.memoryMiB);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: FileHandle | undefined;
  try {
    file = await open(from.statePath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await file.stat();
    const timeoutMs = Math.ceil((stats.size / slowestBytesPerSecond) * 1000);
    if (stats.isFile()) return { file, timeoutMs };
  } catch (cause) {
    await file?.close();
    throw unusable(from.statePath, `cannot be read: ${String(systemErrorCode(cause))}`, cause);
  }
  await file.close();
  throw unusable(from.statePath, 'is not a regular file');
}

function unusable(path: string, why: string, cause?: unknown): AppError {
  return new AppError('vm/restore-failed', `${path} ${why}.`, { cause });
}

/**
 * A machine that goes on does not tell its address to the network, which knows it. QEMU would by
 * itself, and QEMU 7.2 crashes where it lets the machine run at that moment and nobody is at its
 * socket yet (net/stream.c).
 */
const silent = { 'announce-rounds': 0 };

/** Resolves when the machine is as it was saved, and paused. A QEMU that cannot do it ends. */
export async function restoreMachine(
  monitor: QmpClient,
  from: SavedVm,
  signal: AbortSignal,
): Promise<void> {
  const capabilities = {
    events: true,
    'x-ignore-shared': from.memoryPath !== undefined,
    'pause-before-switchover': true,
  };
  const watch = watchMigration(monitor, signal);
  try {
    // QEMU takes them one after the other: the second need not wait for the answer to the first.
    await Promise.all([
      setCapabilities(monitor, capabilities, signal),
      monitor.execute('migrate-set-parameters', silent, signal),
      monitor.execute('migrate-incoming', { uri: `fd:${String(stateFileDescriptor)}` }, signal),
    ]);
    const end = await watch.ended;
    if (end !== 'completed') throw new Error(`It ${end} to read the state.`);
  } finally {
    watch.stop();
  }
}

/**
 * Says that it was restored, and lets it run unless it is to stay paused.
 * @throws Error where it is not paused, as it is when it was restored whole
 */
export async function settleRestored(
  monitor: QmpClient,
  staysPaused: boolean,
  signal: AbortSignal,
): Promise<void> {
  const status = await queryStatus(monitor, signal);
  if (status !== 'paused') throw new Error(`The machine is not paused, but ${status}.`);
  await Promise.all([
    staysPaused ? undefined : monitor.execute('cont', {}, signal),
    setCapabilities(monitor, noCapabilities, signal),
  ]);
}
