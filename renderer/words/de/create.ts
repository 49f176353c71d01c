import type { create as english } from '../en/create.ts';
import type { Translated } from '../translated.ts';

/** German of `create`. */
export const create: Translated<typeof english> = {};
