/** English of `terminals`. */
export const terminals = {} as const;
