/** Pausing, resuming and suspending, and the starts that go on: which of them fits which state. */
import type { Operation } from '../../../contract/operation.ts';
import type { Sandbox } from '../../../contract/sandbox.ts';
import { AppError } from '../../base/app-error.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import { goOnStages } from './go-on.ts';
import { suspendStages } from './suspend.ts';

/** How an operation of a sandbox is begun. */
export type Operate = (
  life: SandboxLife,
  kind: Operation['kind'],
  stages: readonly PlannedStage[],
  work: (progress: OperationProgress) => Promise<void>,
) => Operation;

/** @throws AppError `sandbox/busy`, `sandbox/not-running`, `sandbox/suspended` */
export async function pauseSandbox(life: SandboxLife): Promise<Sandbox> {
  checkNotAtWork(life);
  await life.pause();
  return life.describe();
}

/** @throws as {@link pauseSandbox} */
export async function resumeSandbox(life: SandboxLife): Promise<Sandbox> {
  checkNotAtWork(life);
  await life.resume();
  return life.describe();
}

/**
 * Of a sandbox that is suspended: an operation that has succeeded already.
 * @throws AppError `suspend/not-possible`, `sandbox/busy`, `sandbox/not-running`
 */
export function suspendSandbox(
  life: SandboxLife,
  operate: Operate,
  alreadyDone: () => Operation,
): Operation {
  if (life.state === 'suspended' && life.operationId === undefined) return alreadyDone();
  checkNotAtWork(life);
  if (life.state !== 'paused' && life.state !== 'running') {
    throw new AppError('sandbox/not-running', `"${life.config.name}" is ${life.state}.`);
  }
  life.checkSuspendable();
  return operate(life, 'suspend', suspendStages, (progress) => life.suspend(progress));
}

/** Lets a suspended sandbox go on where it was. */
export function goOnWithSandbox(life: SandboxLife, operate: Operate): Operation {
  return operate(life, 'start', goOnStages, (progress) => life.goOn(progress));
}

function checkNotAtWork(life: SandboxLife): void {
  if (life.operationId === undefined) return;
  const state = life.state === 'running' || life.state === 'paused' ? 'at work' : life.state;
  throw new AppError('sandbox/busy', `"${life.config.name}" is ${state}.`);
}
