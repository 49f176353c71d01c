import { afterEach, describe, expect, it } from 'vitest';
import { english } from './english.ts';
import { german } from './german.ts';
import { chooseLanguage, language, locale, speak, translate } from './language.ts';

afterEach(() => speak('en'));

describe('chooseLanguage', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'de'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['ja'], 'en'],
    [[], 'en'],
  ] as const)('takes of %j %s', (preferences, expected) => {
    expect(chooseLanguage(preferences)).toBe(expected);
  });
});

describe('locale', () => {
  it('is the system’s own where it speaks the language of the window', async () => {
    expect(locale(['de-AT', 'en-GB', 'en-US'])).toBe('en-GB');
    expect(locale(['ja'])).toBe('en');
    await speak('de');
    expect(locale(['de-AT', 'en-GB'])).toBe('de-AT');
    expect(locale(['en-GB'])).toBe('de');
  });
});

/** Every text with its key; placeholders are what `{{…}}` names. */
function texts(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value] as [string, string]]
      : texts(value as object, `${prefix}${key}.`),
  );
}

/** Values, and elements that stand in the text. */
function placeholders(text: string): string[] {
  const found = text.matchAll(/\{\{\s*(\w+)[^}]*\}\}|(<\/?\w+\/?>)/g);
  return [...found].map(([, value, element]) => value ?? element ?? '').sort();
}

describe('the languages', () => {
  it('say the same things, with the same values in them', () => {
    const inGerman = new Map(texts(german));
    for (const [key, text] of texts(english)) {
      expect(placeholders(inGerman.get(key) ?? ''), key).toEqual(placeholders(text));
      expect(inGerman.get(key)?.trim(), key).not.toBe('');
    }
    expect(inGerman.size).toBe(texts(english).length);
  });

  it('take a value as it is, whatever is in it', () => {
    const name = '{{what}} $t(ui:cancel) <strong>';
    expect(translate('volumes:remove.title', { name })).toBe(`Remove ${name}?`);
  });

  it('are not overtaken by one that was wanted before', async () => {
    await Promise.all([speak('de'), speak('en')]);
    expect(language()).toBe('en');
    await Promise.all([speak('en'), speak('de')]);
    expect(language()).toBe('de');
  });

  it('change while the window is open', async () => {
    expect(language()).toBe('en');
    await speak('de');
    expect(language()).toBe('de');
    expect(translate('ui:cancel')).toBe('Abbrechen');
    await speak('en');
    expect(translate('ui:cancel')).toBe('Cancel');
  });
});
