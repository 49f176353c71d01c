/** What differs between two points of a sandbox, asked for on its page and kept over others. */
import type { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { ChangedFiles } from '../../../main/contract/files.ts';
import type { snapshotInputs } from '../../../main/contract/snapshot.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { untilSucceeded } from './snapshot-actions.ts';

/** Which two; without a first one: from what the second began with. */
export type ComparisonRequest = z.input<typeof snapshotInputs.comparison>;

/** See the head of this file. */
export interface Comparison {
  readonly request: ComparisonRequest;
  /** The two in words, as they were named when it was asked. */
  readonly from: string;
  readonly to: string;
  /** The work that reads both, once it has begun. */
  readonly operationId: string | undefined;
  readonly changes: ChangedFiles | undefined;
  readonly error: ErrorData | undefined;
}

/** By the id of the sandbox whose page shows it. */
export type ComparisonsState = Readonly<Record<string, Comparison>>;

/** Makes a store without comparisons. */
export function createComparisonStore() {
  return createStore<ComparisonsState>(() => ({}));
}

/** A store of {@link createComparisonStore}. */
export type ComparisonStore = ReturnType<typeof createComparisonStore>;

/** The window's own. */
export const comparisonStore = createComparisonStore();

/**
 * Compares: takes what is known already, and has both read where it is not. A comparison that is
 * asked for meanwhile takes its place. Never rejects.
 */
export async function compare(
  client: SkerryClient,
  sandboxId: string,
  asked: Pick<Comparison, 'request' | 'from' | 'to'>,
  store: ComparisonStore = comparisonStore,
): Promise<void> {
  const { request } = asked;
  const begun: Comparison = {
    ...asked,
    ...{ operationId: undefined, changes: undefined, error: undefined },
  };
  store.setState({ [sandboxId]: begun });
  const update = (change: Partial<Comparison>) => {
    store.setState((state) => {
      const present = state[sandboxId];
      return present?.request === request ? { [sandboxId]: { ...present, ...change } } : {};
    });
  };
  try {
    update({ changes: await client.snapshots.changes(request) });
  } catch (error) {
    const { code } = toErrorData(error);
    if (code !== 'snapshot/not-compared') {
      update({ error: toErrorData(error) });
      return;
    }
    try {
      const operation = await client.snapshots.compare(request);
      update({ operationId: operation.id });
      await untilSucceeded(client, operation);
      update({ changes: await client.snapshots.changes(request) });
    } catch (failed) {
      update({ error: toErrorData(failed) });
    }
  }
}

/** Takes a comparison off the page; what was read stays with the host. */
export function closeComparison(sandboxId: string, store: ComparisonStore = comparisonStore): void {
  store.setState((state) => {
    const { [sandboxId]: _closed, ...others } = state;
    return others;
  }, true);
}
