/** The keys of a log, for a list of all keys. */
export const logKeys = { search: 'Mod+F' } as const;
