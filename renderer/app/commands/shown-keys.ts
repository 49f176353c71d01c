import { translate } from '../../words/language.ts';
import { isMac } from './is-mac.ts';
import { formatShortcut, keysOf, type Shortcut } from './shortcut.ts';

/** The keys of a shortcut as this machine's keyboard has them, named in the window's language. */
export function shownKeys(shortcut: Shortcut): string[][] {
  return keysOf(shortcut, isMac(), nameOfKey);
}

/** {@link shownKeys} in one line. */
export function shownShortcut(shortcut: Shortcut): string {
  return formatShortcut(shortcut, isMac(), nameOfKey);
}

/** Where a keyboard's own words differ: Strg, Umschalt. */
function nameOfKey(modifier: 'Ctrl' | 'Alt' | 'Shift'): string {
  return translate(`app:keys.${modifier}`);
}
