/** Whether a machine's processors run. QEMU, qapi/run-state.json. */
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { QmpError, type QmpClient } from './qmp.ts';
import { giveVmdksBack } from './vmdk-nodes.ts';

const statusSchema = z.object({ status: z.string() });

/**
 * `running`; `paused`; `postmigrate`: saved, with its disks let go of; `prelaunch`: it never ran;
 * `inmigrate`: it is being restored; `internal-error`, `guest-panicked`: it can go on no more.
 */
export async function queryStatus(monitor: QmpClient, signal?: AbortSignal): Promise<string> {
  return statusSchema.parse(await monitor.execute('query-status', {}, signal)).status;
}

/** Stops it. One that was saved takes its disks back, for which it has to run for a moment. */
export async function pauseMachine(monitor: QmpClient): Promise<void> {
  const status = await queryStatus(monitor);
  if (status === 'paused') return;
  if (status === 'postmigrate') await continueMachine(monitor);
  await monitor.execute('stop');
}

/** Lets it run. */
export async function resumeMachine(monitor: QmpClient): Promise<void> {
  if ((await queryStatus(monitor)) !== 'running') await continueMachine(monitor);
}

async function continueMachine(monitor: QmpClient): Promise<void> {
  try {
    // Whoever saved it may not have come to it.
    await giveVmdksBack(monitor);
    await monitor.execute('cont');
  } catch (cause) {
    if (!(cause instanceof QmpError)) throw cause;
    throw new AppError('vm/start-failed', `The machine cannot go on: ${cause.message}`, {
      hint: 'Another machine may use one of its disks; stop that one.',
      cause,
    });
  }
}
