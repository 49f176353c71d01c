/** English of `ui`. */
export const ui = {
  cancel: 'Cancel',
} as const;
