/** What is asked of snapshots. Long work is an operation, and goes on whichever page is open. */
import type { Operation } from '../../../main/contract/operation.ts';
import { BridgeError, toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { setSnapshotError, snapshotStore, type SnapshotStore } from './snapshot-store.ts';

/** A restoration, and the snapshot that is taken before it where one is wanted. */
export interface RestoreRequest {
  /** Of the snapshot. */
  readonly id: string;
  /** Of the sandbox. */
  readonly name: string;
  readonly withMemory: boolean;
  /** The name of what is kept of the present; undefined: nothing. */
  readonly keepAs: string | undefined;
  /** Whether its memory is kept too. */
  readonly keepMemory: boolean;
}

/** Restores; what fails before there is an operation is kept beside the snapshots of the sandbox. */
export async function restoreSnapshot(
  client: SkerryClient,
  sandboxId: string,
  request: RestoreRequest,
  store: SnapshotStore = snapshotStore,
): Promise<void> {
  const { id, name, withMemory, keepAs, keepMemory } = request;
  await attempt(sandboxId, store, async () => {
    if (keepAs !== undefined) {
      const taking = { name, as: keepAs, withMemory: keepMemory };
      await untilSucceeded(client, await client.snapshots.create(taking));
    }
    await client.snapshots.restore({ id, name, withMemory });
  });
}

/** Removes a snapshot; a failure is kept beside the snapshots of the sandbox. */
export async function removeSnapshot(
  client: SkerryClient,
  sandboxId: string,
  id: string,
  store: SnapshotStore = snapshotStore,
): Promise<void> {
  await attempt(sandboxId, store, () => client.snapshots.remove({ id }));
}

/** Gives a snapshot another name; a failure is kept beside the snapshots of the sandbox. */
export async function renameSnapshot(
  client: SkerryClient,
  sandboxId: string,
  { id, name }: { readonly id: string; readonly name: string },
  store: SnapshotStore = snapshotStore,
): Promise<void> {
  await attempt(sandboxId, store, () => client.snapshots.rename({ id, name }));
}

async function attempt(
  sandboxId: string,
  store: SnapshotStore,
  work: () => Promise<unknown>,
): Promise<void> {
  setSnapshotError(sandboxId, undefined, store);
  try {
    await work();
  } catch (error) {
    setSnapshotError(sandboxId, toErrorData(error), store);
  }
}

/** Waits for an operation. @throws its error, or `operation/cancelled` */
export async function untilSucceeded(client: SkerryClient, begun: Operation): Promise<Operation> {
  let operation = begun;
  for await (const next of await client.operations.watch({ id: begun.id })) operation = next;
  if (operation.state === 'succeeded') return operation;
  const { code, message, hint } =
    operation.error ??
    new BridgeError('operation/cancelled', `The ${operation.kind} was cancelled.`).data;
  throw new BridgeError(code, message, hint);
}
