/** From a sandbox that is suspended to its machine, which goes on where it was. */
import { mkdir, rm } from 'node:fs/promises';
import type { Agent } from '../../agent/agent.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import {
  checkDiskImage,
  runtimeDirOf,
  writeRootDescriptor,
  type BootTools,
} from '../boot-sandbox.ts';
import type { BootHooks } from '../boot-sandbox.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import { hostnameOf } from '../plan-boot.ts';
import { RunningMachine } from '../running-machine.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { SandboxFiles } from '../sandbox-records.ts';
import { specOf } from './machine-shape.ts';
import { presentHost } from './present-host.ts';
import { changedFile, readSavedMachine, statePathOf, whyUnusable } from './saved-machine.ts';

/** The stages of a start that goes on. */
export const goOnStages: readonly PlannedStage[] = [
  { key: 'restore', label: 'Read the memory' },
  { key: 'agent', label: 'Agent' },
];

/** What goes along with it. */
export interface GoOnHooks extends Omit<BootHooks, 'closeNetwork'> {
  /** All of the machine is there, and nothing of it has run: from here on it is the one. */
  readonly onRestored: () => Promise<void>;
}

/**
 * The machine of a suspended sandbox.
 * @throws AppError `suspend/unusable` where it cannot go on, and `vm/…`, `agent/…`,
 *   `operation/cancelled`. Nothing is changed before `onRestored` was called.
 */
export async function goOnFrom(
  record: SandboxRecord,
  files: SandboxFiles,
  tools: BootTools,
  progress: OperationProgress,
  { steps, onRestored, ...machineHooks }: GoOnHooks,
): Promise<RunningMachine> {
  progress.begin('restore');
  const { signal } = progress;
  const [assets, accelerator, saved] = await Promise.all([
    steps.measure('assets', 'Find kernel and agent', () => tools.loadAssets()),
    steps.measure('accelerator', 'Choose the accelerator', () => tools.chooseAccelerator()),
    steps.measure('saved', 'Look at the saved machine', () => readSavedMachine(files.suspendDir)),
    checkDiskImage(record.root, signal),
    writeRootDescriptor(record, files, tools),
  ]);
  const why =
    whyUnusable(saved, await presentHost(assets, accelerator, tools)) ?? (await changedFile(saved));
  if (why !== undefined) throw unusable(record, why);
  const runtimeDir = runtimeDirOf(tools, record.id);
  await rm(runtimeDir, { recursive: true, force: true });
  await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
  const { id } = record;
  const { dir, consoleLog, monitorLog } = files;
  const place = {
    id,
    dir,
    assets,
    runtimeDir,
    consoleLogPath: consoleLog,
    monitorLogPath: monitorLog,
  };
  const from = { statePath: statePathOf(files.suspendDir) };
  try {
    const machine = await RunningMachine.goOn(
      { ...specOf(saved.machine, place, from), from },
      tools,
      {
        ...{ ...machineHooks, steps, signal },
        ...(record.isNewcomer === true
          ? { introduce: (agent: Agent) => agent.takeIdentity(hostnameOf(record.config)) }
          : {}),
        onRestored: async () => {
          await onRestored();
          progress.finish('restore');
          progress.begin('agent');
        },
      },
    );
    progress.finish('agent');
    return machine;
  } catch (error) {
    if (!isAppError(error, 'vm/restore-failed')) throw error;
    throw unusable(record, error.message, error);
  }
}

function unusable({ config }: SandboxRecord, why: string, cause?: AppError): AppError {
  const message = `"${config.name}" cannot go on where it was suspended. ${why}`;
  const details = cause?.details;
  return new AppError('suspend/unusable', message, { cause, details });
}
