import type { ui as english } from '../en/ui.ts';
import type { Translated } from '../translated.ts';

/** German of `ui`. */
export const ui: Translated<typeof english> = {
  cancel: 'Abbrechen',
};
