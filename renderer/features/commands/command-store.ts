/** The runs of a sandbox's commands as the window has them. */
import { createStore } from 'zustand/vanilla';
import type { CommandEvent, CommandRun } from '../../../main/contract/commands.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';

/** See the head of this file. */
export interface CommandsState {
  /** The latest first. */
  readonly runs: readonly CommandRun[];
  readonly isLoaded: boolean;
  readonly error: ErrorData | undefined;
}

/** Makes a store without runs. */
export function createCommandStore() {
  return createStore<CommandsState>(() => ({ runs: [], isLoaded: false, error: undefined }));
}

/** A store of {@link createCommandStore}. */
export type CommandStore = ReturnType<typeof createCommandStore>;

/** The runs with those that are new or have changed. */
export function mergeRuns(
  runs: readonly CommandRun[],
  changed: readonly CommandRun[],
): readonly CommandRun[] {
  const byId = new Map([...runs, ...changed].map((run) => [run.id, run]));
  return [...byId.values()].toSorted((one, other) => other.startedAtMs - one.startedAtMs);
}

/** The runs after what has become of them. */
function runsAfter(runs: readonly CommandRun[], event: CommandEvent): readonly CommandRun[] {
  switch (event.type) {
    case 'all':
      return mergeRuns([], event.runs);
    case 'changed':
      return mergeRuns(runs, event.runs);
    case 'removed':
      return runs.filter(({ id }) => !event.ids.includes(id));
  }
}

/** Takes over every run, then what becomes of them, until the signal aborts. */
export async function followCommands(
  commands: Pick<SkerryClient['commands'], 'watch'>,
  name: string,
  store: CommandStore,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of await commands.watch({ name }, { signal })) {
      const runs = runsAfter(store.getState().runs, event);
      store.setState({ runs, isLoaded: true, error: undefined });
    }
  } catch (thrown) {
    if (!signal.aborted) store.setState({ isLoaded: true, error: toErrorData(thrown) });
  }
}

/** Which run is shown, by the id of the sandbox: the same one when one comes back to the page. */
export const chosenRuns = createStore<Readonly<Record<string, string>>>(() => ({}));
