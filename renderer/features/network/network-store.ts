import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Decision, NetworkEvent, NetworkStatus } from '../../../main/contract/network.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { mergeDecisions } from './decision-log.ts';

/** The network of one sandbox, for as long as its page is open. */
export interface NetworkState {
  /** Undefined until the first event. */
  readonly status: NetworkStatus | undefined;
  /** The latest first. */
  readonly decisions: readonly Decision[];
  /** What the log shows while it is paused. */
  readonly held: readonly Decision[] | undefined;
  /** Why the page cannot follow what happens. */
  readonly watchError: ErrorData | undefined;
  /** Why the last change failed; kept until it is dismissed. */
  readonly actionError: ErrorData | undefined;
}

/** Makes an empty store. */
export function createNetworkStore() {
  return createStore<NetworkState>(() => ({
    status: undefined,
    decisions: [],
    held: undefined,
    watchError: undefined,
    actionError: undefined,
  }));
}

/** A store of {@link createNetworkStore}. */
export type NetworkStore = ReturnType<typeof createNetworkStore>;

/** Takes an event over. The first of a watch brings everything anew: ids may mean other entries. */
export function applyNetworkEvent(store: NetworkStore, event: NetworkEvent, isFirst = false): void {
  if (isFirst) store.setState({ decisions: [], watchError: undefined });
  if (event.type === 'status') store.setState({ status: event.status });
  else {
    store.setState(({ decisions }) => ({
      decisions: mergeDecisions(decisions, event.decisions),
    }));
  }
}

/** Holds the log still, or lets it go on. */
export function pauseLog(store: NetworkStore, isPaused: boolean): void {
  store.setState(({ decisions }) => ({ held: isPaused ? decisions : undefined }));
}

/** Changes something and shows at once what came of it. True if it worked. */
export async function changeNetwork(
  store: NetworkStore,
  work: () => Promise<NetworkStatus>,
): Promise<boolean> {
  store.setState({ actionError: undefined });
  try {
    store.setState({ status: await work() });
    return true;
  } catch (error) {
    store.setState({ actionError: toErrorData(error) });
    return false;
  }
}
