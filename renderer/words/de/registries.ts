import type { registries as english } from '../en/registries.ts';
import type { Translated } from '../translated.ts';

/** German of `registries`. */
export const registries: Translated<typeof english> = {};
