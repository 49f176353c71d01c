/** What a machine is left in whose host process died while it was saved or restored. */
import {
  hasNeverRun,
  noCapabilities,
  queryMigration,
  setCapabilities,
  watchMigration,
} from './migration.ts';
import type { QmpClient } from './qmp.ts';
import { queryStatus } from './run-state.ts';

/**
 * Ends what nobody reads any more and returns what the machine is then, as {@link queryStatus} says
 * it: `inmigrate` for every one that was being restored, and has not run.
 */
export async function settleMigration(monitor: QmpClient, signal: AbortSignal): Promise<string> {
  const status = await queryStatus(monitor);
  if (status === 'prelaunch' || status === 'inmigrate') return status;
  if (status === 'paused' && (await hasNeverRun(monitor))) return 'inmigrate';
  const watch = watchMigration(monitor, signal);
  try {
    const migration = await queryMigration(monitor);
    if (isUnderWay(migration.status)) {
      await monitor.execute('migrate_cancel');
      // QEMU says how it ended where the one who began it asked for events, as Skerry does.
      await watch.ended;
    }
  } finally {
    watch.stop();
  }
  await setCapabilities(monitor, noCapabilities);
  return queryStatus(monitor);
}

/** Of MigrationStatus; QEMU, qapi/migration.json. */
function isUnderWay(status: string): boolean {
  return ['setup', 'active', 'device', 'cancelling', 'pre-switchover'].includes(status);
}
