import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

/** How lines are shown; kept in the browser. */
export interface LogSettings {
  readonly isWrapped: boolean;
  readonly times: 'none' | 'clock' | 'offset';
}

/** The window's own choice, for every log. */
export const logSettings = createStore<LogSettings>()(
  persist((): LogSettings => ({ isWrapped: false, times: 'clock' }), {
    name: 'skerry.logs',
    version: 1,
    storage: createJSONStorage(() => localStorage),
  }),
);
