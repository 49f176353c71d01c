import { createStore } from 'zustand/vanilla';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { nextStageRate, type StageRate } from '../../../main/contract/stage-rate.ts';

/** Long work as the window knows it. */
export interface OperationState {
  /** Newest first. */
  readonly operations: readonly Operation[];
  /** By operation, then by stage; only of stages that move bytes now. */
  readonly rates: Readonly<Record<string, Readonly<Record<string, StageRate>>>>;
  /** Operations that were asked to end and have not yet. */
  readonly cancelling: readonly string[];
  /** Operations that ran while this window was open. */
  readonly followed: readonly string[];
  /** Operations that ended and are no longer shown outside the list of tasks. */
  readonly dismissed: readonly string[];
  /** Why an operation could not be cancelled, by its id. */
  readonly cancelErrors: Readonly<Record<string, ErrorData>>;
  /** Failures, by their ids, that somebody has had before the eyes. */
  readonly looked: readonly string[];
  /** Which of the tasks are listed; it stays while one is on another page. */
  readonly filter: TaskFilter;
  /** The task that somebody was led to; it takes the focus once it is shown. */
  readonly soughtId: string | undefined;
}

/** See `filter` of {@link OperationState}. */
export type TaskFilter = 'all' | 'running' | 'failed' | 'ended';

/** Makes an empty store. */
export function createOperationStore() {
  return createStore<OperationState>(() => ({
    operations: [],
    rates: {},
    cancelling: [],
    followed: [],
    dismissed: [],
    cancelErrors: {},
    looked: [],
    filter: 'all',
    soughtId: undefined,
  }));
}

/** A store of {@link createOperationStore}. */
export type OperationStore = ReturnType<typeof createOperationStore>;

/** The window's operations. */
export const operationStore = createOperationStore();

/** Most operations that are kept; the oldest that have ended go first. */
const maxOperations = 200;

/** Takes an event over into the store; `nowMs` dates the samples of speed. */
export function applyOperationEvent(
  store: OperationStore,
  event: EngineEvent,
  nowMs: number,
): void {
  if (event.type === 'snapshot') {
    store.setState(({ followed }) => ({
      ...{ operations: newestFirst(event.operations), rates: {}, cancelling: [] },
      followed: event.operations
        .filter(({ id, state }) => state === 'running' || followed.includes(id))
        .map(({ id }) => id),
    }));
  } else if (event.type === 'operation') {
    store.setState((state) => takeOver(state, event.operation, nowMs));
  }
}

function takeOver(
  state: OperationState,
  operation: Operation,
  nowMs: number,
): Partial<OperationState> {
  const others = state.operations.filter(({ id }) => id !== operation.id);
  const operations = newestFirst([operation, ...others]).slice(0, maxOperations);
  const { [operation.id]: before, ...rates } = state.rates;
  const followed = state.followed.includes(operation.id)
    ? state.followed
    : [operation.id, ...state.followed].slice(0, maxOperations);
  if (operation.state !== 'running') {
    const cancelling = state.cancelling.filter((id) => id !== operation.id);
    return { operations, rates, cancelling, followed };
  }
  const own: Record<string, StageRate> = {};
  for (const { key, state: stageState, bytesDone } of operation.stages) {
    if (stageState !== 'active' || bytesDone === undefined) continue;
    own[key] = nextStageRate(before?.[key], bytesDone, nowMs);
  }
  return { operations, rates: { ...rates, [operation.id]: own }, followed };
}

/** Takes an operation that has ended off the page of what it worked on; it stays among the tasks. */
export function dismissOperation(id: string, store: OperationStore = operationStore): void {
  store.setState(({ dismissed }) => ({
    dismissed: [id, ...dismissed].slice(0, maxOperations),
  }));
}

/** Says that somebody has seen how these operations ended. */
export function markLooked(ids: readonly string[], store: OperationStore = operationStore): void {
  const { looked } = store.getState();
  const unseen = ids.filter((id) => !looked.includes(id));
  if (unseen.length > 0) store.setState({ looked: [...unseen, ...looked].slice(0, maxOperations) });
}

function newestFirst(operations: readonly Operation[]): readonly Operation[] {
  return operations.toSorted((one, other) => other.startedAtMs - one.startedAtMs);
}
