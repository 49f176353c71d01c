/** What saving a machine and going on from one share of QEMU's migration. */
import { z } from 'zod';
import { cancelledError } from '../../base/app-error.ts';
import type { QmpClient } from './qmp.ts';

/** Capabilities that are off unless Skerry uses them; QEMU, qapi/migration.json. */
export interface MigrationCapabilities {
  /** Events of the state of a migration. */
  readonly events: boolean;
  /** Leaves out memory that is in a file which others can map. */
  readonly 'x-ignore-shared': boolean;
  /**
   * Means nothing to a machine that is restored. It is set until it runs, and so marks one whose
   * host process died before it let it go on; see {@link hasNeverRun}.
   */
  readonly 'pause-before-switchover': boolean;
}

/** As they are of a machine that nobody saves. */
export const noCapabilities: MigrationCapabilities = {
  events: false,
  'x-ignore-shared': false,
  'pause-before-switchover': false,
};

/** Sets them all. */
export async function setCapabilities(
  monitor: QmpClient,
  capabilities: MigrationCapabilities,
  signal?: AbortSignal,
): Promise<void> {
  const entries = Object.entries<boolean>({ ...capabilities });
  const list = entries.map(([capability, state]) => ({ capability, state }));
  await monitor.execute('migrate-set-capabilities', { capabilities: list }, signal);
}

const capabilitiesSchema = z.array(z.object({ capability: z.string(), state: z.boolean() }));

/** Whether a paused machine was to go on from a saved one and was never told to. */
export async function hasNeverRun(monitor: QmpClient): Promise<boolean> {
  const answer = capabilitiesSchema.parse(await monitor.execute('query-migrate-capabilities'));
  return answer.some(({ capability, state }) => capability === 'pause-before-switchover' && state);
}

const migrationSchema = z.object({
  status: z.string().optional(),
  'error-desc': z.string().optional(),
});

/** How the last migration went, or how far it is. */
export async function queryMigration(
  monitor: QmpClient,
): Promise<{ readonly status: string; readonly why: string | undefined }> {
  const answer = migrationSchema.parse(await monitor.execute('query-migrate'));
  return { status: answer.status ?? 'none', why: answer['error-desc'] };
}

/** How a migration ends. */
export type MigrationEnd = 'completed' | 'failed' | 'cancelled';

/** A migration that is watched. */
export interface MigrationWatch {
  /** Rejects where the monitor closes or the signal aborts first. */
  readonly ended: Promise<MigrationEnd>;
  readonly stop: () => void;
}

/** Watches from now on for the end of a migration; needs the capability `events`. */
export function watchMigration(monitor: QmpClient, signal?: AbortSignal): MigrationWatch {
  const { promise, resolve, reject } = Promise.withResolvers<MigrationEnd>();
  promise.catch(() => undefined);
  const unsubscribe = monitor.onEvent(({ event, data }) => {
    const { status } = data;
    if (event !== 'MIGRATION') return;
    if (status === 'completed' || status === 'failed' || status === 'cancelled') resolve(status);
  });
  void monitor.closed.then((error) => {
    reject(error ?? new Error('QEMU ended before the machine was saved or restored.'));
  });
  const abort = (): void => {
    reject(cancelledError('Waiting for QEMU'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  const stop = (): void => {
    unsubscribe();
    signal?.removeEventListener('abort', abort);
  };
  return { ended: promise, stop };
}
