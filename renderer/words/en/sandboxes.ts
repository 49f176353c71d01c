/** English of `sandboxes`. */
export const sandboxes = {} as const;
