import type { terminals as english } from '../en/terminals.ts';
import type { Translated } from '../translated.ts';

/** German of `terminals`. */
export const terminals: Translated<typeof english> = {};
