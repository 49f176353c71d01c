import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

/** Most operations that are remembered as cleared; the host process keeps fewer. */
const maxCleared = 400;

/** Operations that were cleared away from the list of tasks in this browser, by their ids. */
export interface ClearedTasks {
  readonly ids: readonly string[];
}

/** Makes a store over a storage of the browser's kind. */
export function createClearedTasks(storage: () => Storage) {
  return createStore<ClearedTasks>()(
    persist((): ClearedTasks => ({ ids: [] }), {
      name: 'skerry.cleared-tasks',
      version: 1,
      storage: createJSONStorage(storage),
    }),
  );
}

/** The window's. */
export const clearedTasks = createClearedTasks(() => localStorage);

/** Takes operations that have ended off the list. */
export function clearTasks(ids: readonly string[], store = clearedTasks): void {
  store.setState((state) => ({
    ids: [...ids, ...state.ids.filter((id) => !ids.includes(id))].slice(0, maxCleared),
  }));
}
