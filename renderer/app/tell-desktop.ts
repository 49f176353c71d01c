/** What the rest of the desktop app follows of this window's settings. */
import type { DesktopPreferences } from '../bridge/transport.ts';
import { wantedLanguage } from '../features/settings/apply-language.ts';
import { settingsStore } from '../features/settings/settings-store.ts';

/** Tells the settings now and whenever one of those changes that matter. */
export function tellDesktop(
  setPreferences: (preferences: DesktopPreferences) => void,
  systemLanguages: readonly string[] = navigator.languages,
): void {
  let told: DesktopPreferences | undefined;
  const tell = () => {
    const language = wantedLanguage(systemLanguages);
    const { whenClosed } = settingsStore.getState();
    if (told?.language === language && told.whenClosed === whenClosed) return;
    told = { language, whenClosed };
    setPreferences(told);
  };
  tell();
  settingsStore.subscribe(tell);
}
