/**
 * What the window says, and in which language. Words are in `en/` and, the same keys, in `de/`, by
 * the part of the window that says them. Components take them with `useTranslation('files')`, what
 * is outside of components with {@link translate}.
 */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from './english.ts';
import { findSentence, type Sentences } from './sentences.ts';

/** Languages that the window speaks, by their own names, for who cannot read the present one. */
export const languageNames = { en: 'English', de: 'Deutsch' } as const;

/** A language that the window speaks. */
export type Language = keyof typeof languageNames;

/** Languages besides English: each is fetched when it is first spoken. */
const others = {
  de: () => import('./german.ts').then(({ german, sentences }) => ({ words: german, sentences })),
} as const satisfies Record<
  Exclude<Language, 'en'>,
  () => Promise<{ readonly words: object; readonly sentences: Sentences }>
>;

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

const sentencesOf = new Map<Language, Sentences>();

/**
 * What the contract says of a value that was typed, in the language of the window; as it came where
 * that is not known. What the engine says of its work has values in it and stays English.
 */
export function inLanguage(sentence: string): string {
  const sentences = sentencesOf.get(language());
  return sentences === undefined ? sentence : findSentence(sentences, sentence);
}

/** The language that is spoken now. */
export function language(): Language {
  return isLanguage(i18n.language) ? i18n.language : 'en';
}

/**
 * How numbers and dates are written (BCP 47): as the system has them where it speaks the language of
 * the window, since England and America share words and not dates; else as the language alone does.
 */
export function locale(preferences: readonly string[] = navigator.languages): string {
  const spoken = language();
  return preferences.find((tag) => languageOf(tag) === spoken) ?? spoken;
}

/** The one of the languages that a system with these preferences (BCP 47) has first. */
export function chooseLanguage(preferences: readonly string[]): Language {
  return preferences.map(languageOf).find(isLanguage) ?? 'en';
}

let latest: Language = 'en';

/** Speaks another language from now on; of several that are wanted at once, the last one. */
export async function speak(wanted: Language): Promise<void> {
  latest = wanted;
  if (wanted !== 'en' && !sentencesOf.has(wanted)) {
    const { words, sentences } = await others[wanted]();
    for (const [part, texts] of Object.entries(words)) i18n.addResourceBundle(wanted, part, texts);
    sentencesOf.set(wanted, sentences);
  }
  // Its words had to come first, and another language may be wanted by now.
  if (latest !== wanted) return;
  await i18n.changeLanguage(wanted);
  if (typeof document !== 'undefined') document.documentElement.lang = wanted;
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languageNames, tag);
}
