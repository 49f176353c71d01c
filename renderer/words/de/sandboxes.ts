import type { sandboxes as english } from '../en/sandboxes.ts';
import type { Translated } from '../translated.ts';

/** German of `sandboxes`. */
export const sandboxes: Translated<typeof english> = {};
