import type { images as english } from '../en/images.ts';
import type { Translated } from '../translated.ts';

/** German of `images`. */
export const images: Translated<typeof english> = {};
