import type { Engine } from './engine.ts';

const notYet = (): never => {
  throw new Error('not yet');
};

/** Placeholders of calls that are being made; gone before this branch lands. */
export const notYetCalls: Pick<Engine, 'logs' | 'stats' | 'commands'> & {
  readonly boots: Engine['sandboxes']['boots'];
  readonly diagnostics: Engine['host']['diagnostics'];
  readonly sessions: Pick<Engine['sessions'], 'inspect' | 'activity' | 'close'>;
} = {
  logs: { read: notYet, follow: notYet, clear: notYet },
  stats: { watch: notYet, watchAll: notYet },
  commands: {
    ...{ list: notYet, watch: notYet, run: notYet, output: notYet, signal: notYet },
    remove: notYet,
  },
  sessions: { inspect: notYet, activity: notYet, close: notYet },
  boots: notYet,
  diagnostics: notYet,
};
