import { chooseLanguage, language, speak } from '../../words/language.ts';
import { settingsStore } from './settings-store.ts';

/** Speaks as the settings and the system have it, from now on; settles when the first words are there. */
export async function applyLanguage(preferences = navigator.languages): Promise<void> {
  const apply = async (): Promise<void> => {
    const { language: set } = settingsStore.getState();
    const wanted = set === 'system' ? chooseLanguage(preferences) : set;
    if (wanted !== language()) await speak(wanted);
  };
  settingsStore.subscribe(() => void apply());
  await apply();
}
