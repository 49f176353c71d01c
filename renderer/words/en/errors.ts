/** English of `errors`. */
export const errors = {} as const;
