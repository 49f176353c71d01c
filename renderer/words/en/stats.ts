/** English of `stats`. */
export const stats = {} as const;
