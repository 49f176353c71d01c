import { chooseLanguage, language, speak, type Language } from '../../words/language.ts';
import { settingsStore } from './settings-store.ts';

/** The language of the settings, or the system's where they have none. */
export function wantedLanguage(preferences: readonly string[] = navigator.languages): Language {
  const { language: set } = settingsStore.getState();
  return set === 'system' ? chooseLanguage(preferences) : set;
}

/** Speaks as the settings and the system have it, from now on; settles when the first words are there. */
export async function applyLanguage(preferences = navigator.languages): Promise<void> {
  const apply = async (): Promise<void> => {
    const wanted = wantedLanguage(preferences);
    if (wanted !== language()) await speak(wanted);
  };
  settingsStore.subscribe(() => void apply());
  await apply();
}
