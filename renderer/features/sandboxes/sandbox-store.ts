import { createStore } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { CreateRequest } from '../../../main/contract/sandbox-config.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { SandboxAction } from './state-rules.ts';

/** The sandboxes as the window knows them. */
export interface SandboxesState {
  /** False until the first snapshot: an empty list means nothing before it. */
  readonly isLoaded: boolean;
  /** Oldest first. */
  readonly sandboxes: readonly Sandbox[];
  /** What was asked of a sandbox, by its name, and has not been answered. */
  readonly pending: Readonly<Record<string, SandboxAction>>;
  /** Why the last action on a sandbox failed, by its name; kept until dismissed. */
  readonly actionErrors: Readonly<Record<string, ErrorData>>;
  /** What this window asked to create, by name, for another try. */
  readonly submitted: Readonly<Record<string, CreateRequest>>;
}

/** Makes an empty store. */
export function createSandboxStore() {
  return createStore<SandboxesState>(() => ({
    isLoaded: false,
    sandboxes: [],
    pending: {},
    actionErrors: {},
    submitted: {},
  }));
}

/** A store of {@link createSandboxStore}. */
export type SandboxStore = ReturnType<typeof createSandboxStore>;

/** The window's sandboxes. */
export const sandboxStore = createSandboxStore();

/** Takes an event over into the store. */
export function applySandboxEvent(store: SandboxStore, event: EngineEvent): void {
  if (event.type === 'snapshot') {
    store.setState({ isLoaded: true, sandboxes: oldestFirst(event.sandboxes), pending: {} });
  } else if (event.type === 'sandbox') {
    const { sandbox } = event;
    store.setState(({ sandboxes }) => ({
      sandboxes: sandboxes.some(({ id }) => id === sandbox.id)
        ? sandboxes.map((known) => (known.id === sandbox.id ? sandbox : known))
        : oldestFirst([...sandboxes, sandbox]),
    }));
  } else if (event.type === 'sandbox-removed') {
    store.setState(({ sandboxes, actionErrors }) => {
      const { [event.name]: _gone, ...others } = actionErrors;
      return { sandboxes: sandboxes.filter(({ id }) => id !== event.id), actionErrors: others };
    });
  }
}

/** The sandbox of a name. */
export const selectSandbox =
  (name: string) =>
  (state: SandboxesState): Sandbox | undefined =>
    state.sandboxes.find((sandbox) => sandbox.name === name);

function oldestFirst(sandboxes: readonly Sandbox[]): readonly Sandbox[] {
  return sandboxes.toSorted((one, other) => one.createdAtMs - other.createdAtMs);
}
