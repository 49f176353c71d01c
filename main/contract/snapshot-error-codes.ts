/** The codes of error-codes.ts that are about machines that are paused, kept and gone on with. */
export const snapshotErrorCodes = {
  'vm/save-failed': {
    title: 'The machine could not be saved',
    hint: 'It goes on as before; look at the log of its monitor.',
  },
  'vm/restore-failed': {
    title: 'The machine could not go on where it was saved',
    hint: 'Start it from its disk.',
  },
  'sandbox/paused': {
    title: 'The sandbox is paused',
    hint: 'Resume it first.',
  },
  'sandbox/suspended': {
    title: 'The sandbox is suspended',
    hint: 'Start it first; it goes on where it was.',
  },
  'suspend/not-possible': {
    title: 'The sandbox cannot be suspended',
    hint: 'Stop it instead; what is on its disk stays.',
  },
  'suspend/unusable': {
    title: 'The suspended sandbox cannot go on',
    hint: 'Start it from its disk; what was in its memory is lost.',
  },
  'snapshot/not-found': {
    title: 'There is no such snapshot',
    hint: 'List what there is with `skerry snapshots`.',
  },
  'snapshot/name-taken': {
    title: 'The name is taken',
    hint: 'Choose another name, or remove the snapshot that has it.',
  },
  'snapshot/not-possible': {
    title: 'A snapshot cannot be taken',
    hint: 'Take one of the disk alone, or stop the sandbox first.',
  },
  'snapshot/not-compared': {
    title: 'The two were not compared yet',
    hint: 'Compare them first.',
  },
  'snapshot/damaged': {
    title: 'The snapshot is damaged',
    hint: 'Remove it; what others share with it stays.',
  },
  'snapshot/memory-unusable': {
    title: 'The memory of the snapshot cannot be used here',
    hint: 'Use its disk alone.',
  },
} as const;
