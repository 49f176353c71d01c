/** One thing done to several sandboxes: it goes on over pages, and what came of it stays. */
import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Operation } from '../../../../main/contract/operation.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { BridgeError, toErrorData } from '../../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../../bridge/connection.ts';
import { askOf } from '../sandbox-actions.ts';
import { sandboxStore, type SandboxStore } from '../sandbox-store.ts';
import { canDo, type SandboxAction } from '../state-rules.ts';
import { runBounded } from './run-bounded.ts';

/** What can be done to several; none of it asks for one of them alone. */
export type BulkAction = Exclude<SandboxAction, 'startFromDisk'>;

/** Sandboxes that are started, stopped or removed at once: machines are heavy. */
const atOnce = 3;

/** See the head of this file. */
export interface BulkWork {
  readonly action: BulkAction;
  readonly total: number;
  readonly done: readonly string[];
  readonly failed: readonly { readonly name: string; readonly error: ErrorData }[];
  readonly isOver: boolean;
  readonly isCancelled: boolean;
  readonly cancel: () => void;
}

/** The present or the last work; nothing once it was dismissed. */
export interface BulkState {
  readonly work: BulkWork | undefined;
}

/** Makes a store without work. */
export function createBulkStore() {
  return createStore<BulkState>(() => ({ work: undefined }));
}

/** A store of {@link createBulkStore}. */
export type BulkStore = ReturnType<typeof createBulkStore>;

/** The window's own. */
export const bulkStore = createBulkStore();

/** Whether an action makes sense for a sandbox now. Stopping takes nobody's memory from a file. */
export function canAct({ state }: Pick<Sandbox, 'state'>, action: BulkAction): boolean {
  return canDo(state, action) && !(action === 'stop' && state === 'suspended');
}

/** Does it to each, a few at a time, each to its end. Never rejects. */
export async function actOnAll(
  client: SkerryClient,
  sandboxes: readonly Sandbox[],
  action: BulkAction,
  bulk: BulkStore = bulkStore,
  store: SandboxStore = sandboxStore,
): Promise<void> {
  const cancelling = new AbortController();
  const update = (change: (work: BulkWork) => Partial<BulkWork>) => {
    bulk.setState(({ work }) => (work === undefined ? {} : { work: { ...work, ...change(work) } }));
  };
  bulk.setState({
    work: {
      ...{ action, total: sandboxes.length, done: [], failed: [] },
      ...{ isOver: false, isCancelled: false },
      cancel: () => {
        cancelling.abort();
        update(() => ({ isCancelled: true }));
      },
    },
  });
  const one = async (sandbox: Sandbox) => {
    const { name } = sandbox;
    store.setState(({ pending }) => ({ pending: { ...pending, [name]: action } }));
    try {
      await untilEnded(client, await askOf(client, sandbox, action));
    } finally {
      store.setState(({ pending }) => {
        const { [name]: _done, ...others } = pending;
        return { pending: others };
      });
    }
  };
  await runBounded(
    sandboxes,
    atOnce,
    one,
    (settled) => {
      const { name } = settled.item;
      update(({ done, failed }) =>
        settled.isDone
          ? { done: [...done, name] }
          : { failed: [...failed, { name, error: toErrorData(settled.error) }] },
      );
    },
    cancelling.signal,
  );
  update(() => ({ isOver: true }));
}

/** @throws the error of an operation that fails */
async function untilEnded(client: SkerryClient, begun: Operation | undefined): Promise<void> {
  if (begun === undefined) return;
  let operation = begun;
  for await (const next of await client.operations.watch({ id: begun.id })) operation = next;
  if (operation.state === 'succeeded') return;
  const { kind, subject, error } = operation;
  const { code, message, hint } =
    error ??
    new BridgeError('operation/cancelled', `The ${kind} of "${subject}" was cancelled.`).data;
  throw new BridgeError(code, message, hint);
}
