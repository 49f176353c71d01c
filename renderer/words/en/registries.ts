/** English of `registries`. */
export const registries = {} as const;
