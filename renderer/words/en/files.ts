/** English of `files`. */
export const files = {} as const;
