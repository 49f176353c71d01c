/** English of `images`. */
export const images = {} as const;
