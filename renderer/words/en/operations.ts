/** English of `operations`. */
export const operations = {} as const;
