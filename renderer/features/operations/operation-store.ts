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
  /** Why an operation could not be cancelled, by its id. */
  readonly cancelErrors: Readonly<Record<string, ErrorData>>;
}

/** Makes an empty store. */
export function createOperationStore() {
  return createStore<OperationState>(() => ({
    operations: [],
    rates: {},
    cancelling: [],
    cancelErrors: {},
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
    store.setState({ operations: newestFirst(event.operations), rates: {}, cancelling: [] });
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
  if (operation.state !== 'running') {
    return { operations, rates, cancelling: state.cancelling.filter((id) => id !== operation.id) };
  }
  const own: Record<string, StageRate> = {};
  for (const { key, state: stageState, bytesDone } of operation.stages) {
    if (stageState !== 'active' || bytesDone === undefined) continue;
    own[key] = nextStageRate(before?.[key], bytesDone, nowMs);
  }
  return { operations, rates: { ...rates, [operation.id]: own } };
}

function newestFirst(operations: readonly Operation[]): readonly Operation[] {
  return operations.toSorted((one, other) => other.startedAtMs - one.startedAtMs);
}
