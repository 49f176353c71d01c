/** The runs of a sandbox's commands as the window has them. */
import { createStore } from 'zustand/vanilla';
import { keptCommandRuns, type CommandRun } from '../../../main/contract/commands.ts';
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

/** The runs with those that are new or have changed, as many as the host keeps. */
export function mergeRuns(
  runs: readonly CommandRun[],
  changed: readonly CommandRun[],
): readonly CommandRun[] {
  const byId = new Map([...runs, ...changed].map((run) => [run.id, run]));
  const sorted = [...byId.values()].toSorted((one, other) => other.startedAtMs - one.startedAtMs);
  for (let index = sorted.length - 1; sorted.length > keptCommandRuns && index >= 0; index -= 1) {
    if (sorted[index]?.endedAtMs !== undefined) sorted.splice(index, 1);
  }
  return sorted;
}

/** Takes over every run, then each change, until the signal aborts. */
export async function followCommands(
  commands: Pick<SkerryClient['commands'], 'watch'>,
  name: string,
  store: CommandStore,
  signal: AbortSignal,
): Promise<void> {
  try {
    let isFirst = true;
    for await (const changed of await commands.watch({ name }, { signal })) {
      const before = isFirst ? [] : store.getState().runs;
      isFirst = false;
      store.setState({ runs: mergeRuns(before, changed), isLoaded: true, error: undefined });
    }
  } catch (thrown) {
    if (!signal.aborted) store.setState({ isLoaded: true, error: toErrorData(thrown) });
  }
}

/** Which run is shown, by the id of the sandbox: the same one when one comes back to the page. */
export const chosenRuns = createStore<Readonly<Record<string, string>>>(() => ({}));
