import type { network as english } from '../en/network.ts';
import type { Translated } from '../translated.ts';

/** German of `network`. */
export const network: Translated<typeof english> = {};
