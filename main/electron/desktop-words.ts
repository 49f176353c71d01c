/** What the desktop says outside of its page, in the language that the page speaks. */
import { createInstance } from 'i18next';
import { desktop as german } from '../../renderer/words/de/desktop.ts';
import { desktop as english } from '../../renderer/words/en/desktop.ts';

/** Languages of the desktop app; the same as the window's. */
export const desktopLanguages = ['en', 'de'] as const;

/** One of {@link desktopLanguages}. */
export type DesktopLanguage = (typeof desktopLanguages)[number];

type Words = typeof english;
type WithoutPlural<Name> = Name extends `${infer Stem}_${'one' | 'other'}` ? Stem : Name;

/** Names a text: `tray.quit`. */
type DesktopWord = {
  [Part in keyof Words]: `${Part}.${WithoutPlural<keyof Words[Part] & string>}`;
}[keyof Words];

const i18n = createInstance();
void i18n.init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'desktop',
  resources: { en: { desktop: english }, de: { desktop: german } },
  // At once, and not in a later turn: the words are there.
  initAsync: false,
  // These are labels of the system, and no HTML.
  interpolation: { escapeValue: false },
});

/** A text in the language of now; `count` chooses its plural. */
export function say(word: DesktopWord, values: Readonly<Record<string, string | number>> = {}) {
  return i18n.t(word, values);
}

/** Speaks this language from now on. */
export function speakOnDesktop(language: DesktopLanguage): void {
  void i18n.changeLanguage(language);
}

/** The first of the system's languages (BCP 47) that is known. */
export function chooseDesktopLanguage(preferences: readonly string[]): DesktopLanguage {
  const spoken = preferences.map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return desktopLanguages.find((language) => language === spoken.find(isKnown)) ?? 'en';
}

function isKnown(language: string | undefined): boolean {
  return desktopLanguages.some((known) => known === language);
}
