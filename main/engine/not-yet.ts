import type { Engine } from './engine.ts';

const notYet = (): never => {
  throw new Error('not yet');
};

/** Placeholders of calls that are being made; gone before this branch lands. */
export const notYetCalls: Pick<Engine, 'files' | 'logs' | 'stats' | 'commands'> & {
  readonly boots: Engine['sandboxes']['boots'];
  readonly diagnostics: Engine['host']['diagnostics'];
} = {
  files: {
    ...{ list: notYet, inspect: notYet, read: notYet, write: notYet, rename: notYet },
    ...{ remove: notYet, makeDirectory: notYet, setMode: notYet, setOwner: notYet },
    ...{ changes: notYet, download: notYet, upload: notYet },
  },
  logs: { read: notYet, follow: notYet, clear: notYet },
  stats: { watch: notYet, watchAll: notYet },
  commands: {
    ...{ list: notYet, watch: notYet, run: notYet, output: notYet, signal: notYet },
    remove: notYet,
  },
  boots: notYet,
  diagnostics: notYet,
};
