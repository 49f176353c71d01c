/** What work on snapshots is done with. */
import { AppError } from '../../base/app-error.ts';
import type { SnapshotStore } from '../../snapshot/snapshot-store.ts';
import type { CreateTools } from '../create-sandbox.ts';
import type { OperationTracker } from '../operation-tracker.ts';
import type { SandboxRegistry } from '../sandbox-creation.ts';
import type { LifeTools, SandboxLife } from '../sandbox-life.ts';
import type { SandboxRecord } from '../sandbox-record.ts';

/** See the head of this file. */
export interface SnapshotTools {
  readonly store: SnapshotStore;
  readonly registry: SandboxRegistry;
  readonly operations: OperationTracker;
  readonly tools: LifeTools & CreateTools;
}

/** @throws AppError `sandbox/not-found` */
export function lifeNamed(registry: SandboxRegistry, name: string): SandboxLife {
  const life = registry.get(name);
  if (life !== undefined) return life;
  throw new AppError('sandbox/not-found', `There is no sandbox named "${name}".`);
}

/**
 * The record of a sandbox that nothing else is done with.
 * @throws AppError `sandbox/busy`
 */
export function settledRecord(life: SandboxLife): SandboxRecord {
  const { record, state, operationId } = life;
  const isSettled =
    life.isIdle || state === 'running' || state === 'paused' || state === 'suspended';
  if (record !== undefined && operationId === undefined && isSettled) return record;
  const what = operationId === undefined ? state : 'at work';
  throw new AppError('sandbox/busy', `"${life.config.name}" is ${what}.`);
}
