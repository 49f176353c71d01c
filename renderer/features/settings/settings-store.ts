import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Language } from '../../words/language.ts';

/** Light or dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark';

/** How this window looks; kept in the browser, not by the host process. */
export interface Settings {
  readonly theme: Theme;
  readonly language: 'system' | Language;
  readonly isSidebarCollapsed: boolean;
  /** Writes the terminals' text out for screen readers, which costs some speed. */
  readonly readTerminalsAloud: boolean;
}

/** Makes a store over a storage of the browser's kind. */
export function createSettingsStore(storage: () => Storage) {
  return createStore<Settings>()(
    persist(
      (): Settings => ({
        theme: 'system',
        language: 'system',
        isSidebarCollapsed: false,
        readTerminalsAloud: false,
      }),
      { name: 'skerry.settings', version: 1, storage: createJSONStorage(storage) },
    ),
  );
}

/** The window's settings. */
export const settingsStore = createSettingsStore(() => localStorage);
