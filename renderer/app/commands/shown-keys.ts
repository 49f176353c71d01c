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

const worded: Readonly<Record<string, () => string>> = {
  Ctrl: () => translate('app:keys.Ctrl'),
  Alt: () => translate('app:keys.Alt'),
  Shift: () => translate('app:keys.Shift'),
  Enter: () => translate('app:keys.Enter'),
  Delete: () => translate('app:keys.Delete'),
  Space: () => translate('app:keys.Space'),
};

/** Where a keyboard's own words differ: Strg, Umschalt, Entf. */
function nameOfKey(key: string): string {
  return worded[key]?.() ?? key;
}
