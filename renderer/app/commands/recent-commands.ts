import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

/** Most commands that are remembered. */
const maxRecent = 8;

/** What was done from the palette, by the ids of commands, the latest first. */
export interface RecentCommands {
  readonly ids: readonly string[];
}

/** Makes a store over a storage of the browser's kind. */
export function createRecentCommands(storage: () => Storage) {
  return createStore<RecentCommands>()(
    persist((): RecentCommands => ({ ids: [] }), {
      name: 'skerry.recent-commands',
      version: 1,
      storage: createJSONStorage(storage),
    }),
  );
}

/** The window's. */
export const recentCommands = createRecentCommands(() => localStorage);

/** Puts a command first. */
export function rememberCommand(id: string, store = recentCommands): void {
  store.setState(({ ids }) => ({
    ids: [id, ...ids.filter((other) => other !== id)].slice(0, maxRecent),
  }));
}
