import { expect, it } from 'vitest';
import { chooseDesktopLanguage } from './desktop-words.ts';

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'en-GB', 'de'], 'en'],
  [['ja'], 'en'],
  [[], 'en'],
])('chooses of %j %s', (preferences, expected) => {
  expect(chooseDesktopLanguage(preferences)).toBe(expected);
});
