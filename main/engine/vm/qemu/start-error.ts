/** Why a machine did not start, from what QEMU and the daemon of its shares have said. */
import { AppError, cancelledError, isAppError } from '../../base/app-error.ts';
import type { VmSpec } from '../driver.ts';
import { readMonitorLogTail } from './monitor-log.ts';
import type { RuntimeFiles } from './runtime-files.ts';

/** What was seen of a start that failed. */
export interface FailedStart {
  readonly error: unknown;
  /** How the process ended, where it did so by itself. */
  readonly endedEarly: string | undefined;
  readonly spec: VmSpec;
  readonly files: RuntimeFiles;
  readonly qemuPath: string;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** What is thrown of it. */
export async function startError(start: FailedStart): Promise<unknown> {
  const { error, spec, files, qemuPath, signal } = start;
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
  if (spec.from !== undefined) {
    const why = firstRestoreLine(log) ?? describeStartError(start);
    return new AppError('vm/restore-failed', `The machine cannot go on: ${why}`, {
      details: { log },
      cause: error,
    });
  }
  const lastLine = log.split('\n').at(-1) ?? '';
  // A daemon that gives up is why QEMU cannot go on, which knows less of it.
  const shareLog = await readMonitorLogTail(files.shareLog);
  const why = [lastLine || describeStartError(start), shareLog.split('\n').at(-1) ?? ''];
  return new AppError('vm/start-failed', `The machine did not start: ${why.join(' ').trim()}`, {
    details: { log, ...(shareLog === '' ? {} : { shareLog }) },
    cause: error,
  });
}

/** QEMU says the cause first and what it gave up because of it afterwards. */
function firstRestoreLine(log: string): string | undefined {
  const line = log.split('\n').find((each) => each.includes(': '));
  return line?.slice(line.indexOf(': ') + 2, 400);
}

function describeStartError({ endedEarly, error, timeoutMs }: FailedStart): string {
  if (endedEarly !== undefined) return `QEMU ended with ${endedEarly}.`;
  if (isAppError(error)) return `QEMU was not ready after ${String(timeoutMs / 1000)} s.`;
  return error instanceof Error ? error.message : String(error);
}
