import type { settings as english } from '../en/settings.ts';
import type { Translated } from '../translated.ts';

/** German of `settings`. */
export const settings: Translated<typeof english> = {
  title: 'Einstellungen',
};
