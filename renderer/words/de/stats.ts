import type { stats as english } from '../en/stats.ts';
import type { Translated } from '../translated.ts';

/** German of `stats`. */
export const stats: Translated<typeof english> = {};
