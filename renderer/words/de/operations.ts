import type { operations as english } from '../en/operations.ts';
import type { Translated } from '../translated.ts';

/** German of `operations`. */
export const operations: Translated<typeof english> = {};
