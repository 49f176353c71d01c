/** English of `create`. */
export const create = {} as const;
