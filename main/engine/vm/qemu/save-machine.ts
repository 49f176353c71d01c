/** Writes the state of a paused machine to a file. */
import { lstat, type FileHandle } from 'node:fs/promises';
import { AppError, cancelledError, isAppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import { writeNewFile } from '../../base/new-file.ts';
import type { Vm } from '../driver.ts';
import { MigrationSocket } from './migration-socket.ts';
import { noCapabilities, queryMigration, setCapabilities, watchMigration } from './migration.ts';
import { QmpError, type QmpClient } from './qmp.ts';
import { queryStatus } from './run-state.ts';
import { giveVmdksBack, takeVmdksAway } from './vmdk-nodes.ts';

/** What is saved, and where to. */
export interface SaveRequest {
  readonly monitor: QmpClient;
  readonly socketPath: string;
  readonly statePath: string;
  /** Its memory is in a file of its own, and stays there. */
  readonly memoryIsKept: boolean;
  readonly options: NonNullable<Parameters<Vm['save']>[1]>;
}

/**
 * Both are no limit: the machine stands still, and waits for nothing but its state being written.
 * Bytes per second, and milliseconds; the most that QEMU takes for the second.
 */
const parameters = { 'max-bandwidth': 2 ** 40, 'downtime-limit': 2_000_000 };

/** See `Vm.save`. */
export async function saveMachine(request: SaveRequest): Promise<void> {
  const { monitor, statePath, memoryIsKept, options } = request;
  const { signal } = options;
  try {
    if (signal?.aborted === true) throw cancelledError('Saving the machine');
    await checkPaused(monitor);
    await checkAbsent(statePath);
    await setCapabilities(monitor, {
      ...noCapabilities,
      events: true,
      'x-ignore-shared': memoryIsKept,
    });
    try {
      await takeVmdksAway(monitor);
      await monitor.execute('migrate-set-parameters', parameters);
      await writeNewFile(statePath, async (file) => {
        await migrate(request, file);
        if (signal?.aborted === true) throw cancelledError('Saving the machine');
      });
    } finally {
      if (!monitor.isClosed) {
        await setCapabilities(monitor, noCapabilities);
        await giveVmdksBack(monitor);
      }
    }
  } catch (error) {
    throw asSaveError(error, request);
  }
}

async function checkPaused(monitor: QmpClient): Promise<void> {
  const status = await queryStatus(monitor);
  if (status === 'paused') return;
  if (status === 'postmigrate') {
    throw new AppError('vm/save-failed', 'The machine was saved since it was paused.', {
      hint: 'Pause it again first.',
    });
  }
  throw new AppError('vm/save-failed', `The machine is not paused, but ${status}.`);
}

/** It would be found at the end as well, when everything was written. */
async function checkAbsent(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats !== undefined) throw isThere(path);
}

/** Lets QEMU write; whatever happens, it writes no more afterwards. */
async function migrate(
  { monitor, socketPath, options }: SaveRequest,
  file: FileHandle,
): Promise<void> {
  await using socket = await MigrationSocket.listen(socketPath);
  const watch = watchMigration(monitor);
  const cancel = (): void => {
    // Without a migration that runs, or any more, there is nothing to cancel.
    void monitor.execute('migrate_cancel').catch(() => undefined);
  };
  const copied = socket.copy(file, (bytes) => options.onProgress?.(bytes));
  copied.catch(() => {
    socket.breakOff();
  });
  try {
    await monitor.execute('migrate', { uri: `unix:${socketPath}` });
    options.signal?.addEventListener('abort', cancel, { once: true });
    if (options.signal?.aborted === true) cancel();
    const end = await watch.ended;
    if (end !== 'completed') socket.breakOff();
    // A full disk is why QEMU could not go on, which knows only that nobody reads any more.
    await copied.catch((error: unknown) => {
      const isOfFile = error instanceof Error && 'syscall' in error && error.syscall === 'write';
      if (isOfFile || end === 'completed') throw error;
    });
    if (end === 'completed') return;
    if (options.signal?.aborted === true) throw cancelledError('Saving the machine');
    const { why } = await queryMigration(monitor);
    throw new AppError('vm/save-failed', `QEMU could not save the machine: ${why ?? end}`);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    watch.stop();
  }
}

function asSaveError(error: unknown, { statePath, options }: SaveRequest): unknown {
  if (isAppError(error)) return error;
  if (options.signal?.aborted === true) return cancelledError('Saving the machine');
  const code = systemErrorCode(error);
  if (code === 'EEXIST') return isThere(statePath);
  if (code !== undefined && !(error instanceof QmpError)) {
    const message = `${statePath} cannot be written: ${code}.`;
    return new AppError('vm/save-failed', message, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new AppError('vm/save-failed', `The machine was not saved: ${why}`, { cause: error });
}

function isThere(path: string): AppError {
  return new AppError('vm/save-failed', `${path} is there already.`);
}
