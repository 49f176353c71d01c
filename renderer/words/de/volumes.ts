import type { volumes as english } from '../en/volumes.ts';
import type { Translated } from '../translated.ts';

/** German of `volumes`. */
export const volumes: Translated<typeof english> = {};
