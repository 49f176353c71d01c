/** Whether what is in memory can be kept, or gone on with, and why not. Pure. */
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import { translate } from '../../words/language.ts';

/** What is known of a memory: it is there to be used, or in words why not. */
export type MemoryOffer =
  { readonly isPossible: true } | { readonly isPossible: false; readonly reason: string };

const possible: MemoryOffer = { isPossible: true };

/** Of a sandbox as it is now. */
export function memoryOfSandbox(sandbox: Pick<Sandbox, 'state' | 'sharedBy'>): MemoryOffer {
  const { state, sharedBy } = sandbox;
  // That of a suspended one is on disk already.
  if (state === 'suspended') return possible;
  if (state !== 'running' && state !== 'paused') {
    return { isPossible: false, reason: translate('snapshots:memory.notRunning') };
  }
  if (sharedBy !== undefined) {
    return { isPossible: false, reason: translate('snapshots:memory.shares') };
  }
  return possible;
}

/** Of a snapshot. */
export function memoryOfSnapshot(
  snapshot: Pick<Snapshot, 'hasMemory' | 'memoryProblem'>,
): MemoryOffer {
  const { hasMemory, memoryProblem } = snapshot;
  if (!hasMemory) return { isPossible: false, reason: translate('snapshots:memory.none') };
  return memoryProblem === undefined ? possible : { isPossible: false, reason: memoryProblem };
}
