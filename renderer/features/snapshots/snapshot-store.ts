import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';

/** The snapshots as the window knows them. */
export interface SnapshotsState {
  /** False until the first snapshot of the host: an empty list means nothing before it. */
  readonly isLoaded: boolean;
  /** Of all sandboxes, the earliest first. */
  readonly snapshots: readonly Snapshot[];
  /** Why what was asked last failed, by the id of the sandbox whose page it was asked on. */
  readonly actionErrors: Readonly<Record<string, ErrorData>>;
}

/** Makes an empty store. */
export function createSnapshotStore() {
  return createStore<SnapshotsState>(() => ({ isLoaded: false, snapshots: [], actionErrors: {} }));
}

/** A store of {@link createSnapshotStore}. */
export type SnapshotStore = ReturnType<typeof createSnapshotStore>;

/** The window's snapshots. */
export const snapshotStore = createSnapshotStore();

/** Takes an event over into the store. */
export function applySnapshotEvent(store: SnapshotStore, event: EngineEvent): void {
  if (event.type !== 'snapshot' && event.type !== 'snapshots') return;
  const snapshots = event.snapshots.toSorted(
    (one, other) => one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1),
  );
  store.setState({ isLoaded: true, snapshots });
}

/** Keeps why something failed beside the snapshots of a sandbox; undefined takes it away. */
export function setSnapshotError(
  sandboxId: string,
  error: ErrorData | undefined,
  store: SnapshotStore = snapshotStore,
): void {
  store.setState(({ actionErrors }) => {
    const { [sandboxId]: _before, ...others } = actionErrors;
    return { actionErrors: error === undefined ? others : { ...others, [sandboxId]: error } };
  });
}
