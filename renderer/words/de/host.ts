import type { host as english } from '../en/host.ts';
import type { Translated } from '../translated.ts';

/** German of `host`. */
export const host: Translated<typeof english> = {};
