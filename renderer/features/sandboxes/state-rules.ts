/** What can be done to a sandbox in each of its states. Pure. */
import type { Sandbox } from '../../../main/contract/sandbox.ts';

/** What can be asked of a sandbox; `startFromDisk` gives up the memory of one that is suspended. */
export type SandboxAction =
  ('start' | 'startFromDisk' | 'stop' | 'restart' | 'remove') | ('pause' | 'resume' | 'suspend');

type State = Sandbox['state'];

const states: Readonly<Record<SandboxAction, readonly State[]>> = {
  start: ['stopped', 'crashed', 'suspended'],
  startFromDisk: ['suspended'],
  pause: ['running'],
  resume: ['paused'],
  suspend: ['running', 'paused'],
  stop: ['running', 'paused', 'suspended'],
  restart: ['running'],
  remove: [
    ...(['starting', 'running', 'paused', 'suspending', 'suspended'] as const),
    ...(['stopping', 'stopped', 'crashed'] as const),
  ],
};

/** Whether an action makes sense in a state. */
export function canDo(state: State, action: SandboxAction): boolean {
  return states[action].includes(state);
}

/** Whether a machine runs, stands still, or is about to. */
export function isAlive(state: State): boolean {
  return state !== 'suspended' && holdsMemory(state);
}

/** Whether there is a memory that is lost if it is removed now: of a machine, or in a file. */
export function holdsMemory(state: State): state is Exclude<State, 'stopped' | 'crashed'> {
  return state !== 'stopped' && state !== 'crashed';
}

/** What brings it back to where it was; undefined where it is not paused and not suspended. */
export function wayOn(state: State): 'resume' | 'start' | undefined {
  if (state === 'paused') return 'resume';
  return state === 'suspended' ? 'start' : undefined;
}
