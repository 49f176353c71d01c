/**
 * What the window says, and in which language. Words are in `en/` and, the same keys, in `de/`, by
 * the part of the window that says them. Components take them with `useTranslation('files')`, what
 * is outside of components with {@link translate}.
 */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from './english.ts';

/** A language that the window speaks. */
export type Language = 'en' | 'de';

/** Languages by their own names, for who cannot read the present one. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui';
    resources: typeof english;
  }
}

const i18n = createInstance();
void i18n.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'ui',
  resources: { en: english },
  // At once, and not in a later turn: the words are there.
  initAsync: false,
  // React escapes.
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
});

/** A word outside of components: `translate('files:title')`. */
export const translate = i18n.t;

/** The language that is spoken now, also for numbers and dates. */
export function language(): Language {
  return i18n.language === 'de' ? 'de' : 'en';
}

/** The one of the languages that a system with these preferences (BCP 47) has first. */
export function chooseLanguage(preferences: readonly string[]): Language {
  const first = preferences.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage);
  return first ?? 'en';
}

/** Speaks another language from now on. */
export async function speak(wanted: Language): Promise<void> {
  if (wanted === 'de' && !i18n.hasResourceBundle('de', 'ui')) {
    const { german } = await import('./german.ts');
    for (const [part, words] of Object.entries(german)) i18n.addResourceBundle('de', part, words);
  }
  await i18n.changeLanguage(wanted);
  if (typeof document !== 'undefined') document.documentElement.lang = wanted;
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag === 'en' || tag === 'de';
}
