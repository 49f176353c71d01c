/** English of `volumes`. */
export const volumes = {
  title: 'Volumes',
  make: 'Make a volume',
  name: 'Volume name',
  nameHelp: 'A sandbox that mounts a volume by a new name makes it as well.',
  submit: 'Make',
  emptyTitle: 'No volumes yet',
  empty:
    'A named volume is a directory that sandboxes mount and that outlives them: a cache, a workspace, the data of a server.',
  table: {
    name: 'Name',
    usedBy: 'Used by',
    size: 'Size',
    path: 'Path',
    made: 'Made',
    actions: 'Actions',
    nobody: 'nobody',
    measure: 'Measure {{name}}',
    copyPath: 'path of the volume',
    remove: 'Remove {{name}}',
  },
  remove: {
    title: 'Remove {{name}}?',
    confirm: 'Remove',
    goes: '<strong>Goes:</strong> every file in it. There is no way back.',
  },
} as const;
