/** English of `network`. */
export const network = {} as const;
