import type { Engine } from './engine.ts';

const notYet = (): never => {
  throw new Error('not yet');
};

/** Placeholders of calls that are being made; gone before this branch lands. */
export const notYetCalls: Pick<Engine, 'files'> & {
} = {
  files: {
    ...{ list: notYet, inspect: notYet, read: notYet, write: notYet, rename: notYet },
    ...{ remove: notYet, makeDirectory: notYet, setMode: notYet, setOwner: notYet },
    ...{ changes: notYet, download: notYet, upload: notYet },
  },
};
