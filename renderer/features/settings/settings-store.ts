import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { Language } from '../../words/language.ts';

/** Light or dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark';

/** How this window looks and behaves; kept in the browser, not by the host process. */
export interface Settings {
  readonly theme: Theme;
  readonly language: 'system' | Language;
  readonly isSidebarCollapsed: boolean;
  /** Of the desktop app: whether it ends with its window or goes on in the tray. */
  readonly whenClosed: 'quit' | 'tray';
  /** Writes the terminals' text out for screen readers, which costs some speed. */
  readonly readTerminalsAloud: boolean;
  /** Commands by a key alone, outside of fields; WCAG 2.1.4 wants them to be turned off. */
  readonly hasSingleKeys: boolean;
  /** Says by the system what long work came to while nobody looked; if the browser lets us. */
  readonly notifiesOfOperations: boolean;
  /** Says so of a sandbox that ends without being asked to. */
  readonly notifiesOfCrashes: boolean;
}

/** What applies where nothing was set. */
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  isSidebarCollapsed: false,
  whenClosed: 'quit',
  readTerminalsAloud: false,
  hasSingleKeys: true,
  notifiesOfOperations: true,
  notifiesOfCrashes: true,
};

/** Makes a store over a storage of the browser's kind. */
export function createSettingsStore(storage: () => Storage) {
  return createStore<Settings>()(
    persist((): Settings => defaultSettings, {
      name: 'skerry.settings',
      version: 1,
      storage: createJSONStorage(storage),
    }),
  );
}

/** The window's settings. */
export const settingsStore = createSettingsStore(() => localStorage);
