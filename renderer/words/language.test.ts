import { afterEach, describe, expect, it } from 'vitest';
import { english } from './english.ts';
import { german } from './german.ts';
import { chooseLanguage, language, speak, translate } from './language.ts';

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

/** Every text with its key; placeholders are what `{{…}}` names. */
function texts(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value] as [string, string]]
      : texts(value as object, `${prefix}${key}.`),
  );
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map(([, name = '']) => name).sort();
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

  it('change while the window is open', async () => {
    expect(language()).toBe('en');
    await speak('de');
    expect(language()).toBe('de');
    expect(translate('ui:cancel')).toBe('Abbrechen');
    await speak('en');
    expect(translate('ui:cancel')).toBe('Cancel');
  });
});
