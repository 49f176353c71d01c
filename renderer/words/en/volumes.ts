/** English of `volumes`. */
export const volumes = {} as const;
