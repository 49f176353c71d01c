/** Makes a running QEMU process another sandbox's. */
import { rename } from 'node:fs/promises';
import { AppError, isAppError } from '../../base/app-error.ts';
import { BoundedLog } from '../bounded-log.ts';
import type { VmPlace } from '../driver.ts';
import {
  runtimeFiles,
  writeRecord,
  type MachineRecord,
  type RuntimeFiles,
} from './runtime-files.ts';

/** What of a machine depends on whose it is. */
export interface MachinePlace {
  readonly record: MachineRecord;
  readonly files: RuntimeFiles;
  readonly consoleLog: BoundedLog;
  readonly monitorLogPath: string;
}

/**
 * Its sockets are reached at their new paths, and what QEMU has open stays open: its own log, too. A
 * host process that dies in the middle leaves it where it was, under its new name, or where it is to
 * be.
 * @throws AppError `vm/start-failed`
 */
export async function moveMachine(
  { record, files, consoleLog, monitorLogPath }: MachinePlace,
  place: VmPlace,
  maxConsoleLogBytes: number,
): Promise<MachinePlace> {
  const moved = { ...record, id: place.id };
  const to = runtimeFiles(place.runtimeDir);
  try {
    const newLog = await BoundedLog.open(place.consoleLogPath, {
      mode: 'new',
      maxBytes: maxConsoleLogBytes,
    });
    await Promise.all([
      consoleLog.close(),
      rename(monitorLogPath, place.monitorLogPath),
      writeRecord(files, moved).then(() => rename(files.directory, to.directory)),
    ]);
    const { monitorLogPath: newPath } = place;
    return { record: moved, files: to, consoleLog: newLog, monitorLogPath: newPath };
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    const message = `The machine could not be moved to ${to.directory}: ${String(cause)}`;
    throw new AppError('vm/start-failed', message, { cause });
  }
}
