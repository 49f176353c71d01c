/** English of `commands`. */
export const commands = {} as const;
