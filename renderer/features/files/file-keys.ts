/** The keys of the list of files and of a text that is open, for a list of all keys. */
export const fileKeys = {
  open: 'Enter',
  select: 'Space',
  selectAll: 'Mod+A',
  rename: 'F2',
  remove: 'Delete',
  path: 'Mod+L',
  save: 'Mod+S',
  find: 'Mod+F',
} as const;
