/**
 * From a machine that runs to one that is saved in the sandbox's folder, up to the moment from which
 * it is not to run any more. Whatever fails or is cancelled before leaves it as it was.
 */
import { rm } from 'node:fs/promises';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import { checkSuspendable, writtenElsewhere } from './suspend-checks.ts';
import { goOnAfterAll, saveMachine, type SavableMachine } from './saved-machine.ts';

/** The stages of a suspend. */
export const suspendStages: readonly PlannedStage[] = [
  { key: 'pause', label: 'Pause' },
  { key: 'save', label: 'Write the memory' },
  { key: 'end', label: 'End the machine' },
];

/** What a suspend works on. */
export interface SuspendedRun {
  readonly machine: SavableMachine;
  readonly record: SandboxRecord;
  /** Where it is saved. */
  readonly folder: string;
  readonly canSave: boolean;
}

/**
 * Saves the machine, and says so in the record by `commit`; it stands still then, and is to be ended.
 * @throws AppError `suspend/not-possible`, `vm/save-failed`, `store/no-space`, `operation/cancelled`
 */
export async function saveForSuspend(
  { machine, record, folder, canSave }: SuspendedRun,
  progress: OperationProgress,
  commit: (suspended: NonNullable<SandboxRecord['suspended']>) => Promise<void>,
): Promise<void> {
  const shape = checkSuspendable(record, canSave);
  const wasPaused = machine.vm.isPaused;
  progress.begin('pause');
  try {
    const about = { machine: shape, beganBy: record.run?.beganBy ?? 'cold' } as const;
    const saved = await saveMachine(machine, about, folder, {
      signal: progress.signal,
      files: writtenElsewhere(record),
      whilePaused: () => {
        progress.finish('pause');
        progress.begin('save');
        return Promise.resolve();
      },
      onProgress: (bytesDone) => {
        progress.update('save', { bytesDone });
      },
    });
    progress.update('save', { bytesDone: saved.stateBytes, bytesTotal: saved.stateBytes });
    progress.finish('save');
    progress.signal.throwIfAborted();
    progress.begin('end');
    await commit({ atMs: saved.savedAtMs, memoryBytes: saved.stateBytes });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!wasPaused) await goOnAfterAll(machine);
    throw error;
  }
}
