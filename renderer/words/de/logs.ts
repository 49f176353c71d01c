import type { logs as english } from '../en/logs.ts';
import type { Translated } from '../translated.ts';

/** German of `logs`. */
export const logs: Translated<typeof english> = {};
