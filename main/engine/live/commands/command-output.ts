/** What a run has said and says, from the log of its sandbox. */
import type { CommandOutput } from '../../../contract/commands.ts';
import type { SandboxLog } from '../logs/sandbox-log.ts';
import type { StoredLine } from '../logs/stored-line.ts';
import type { CommandRuns } from './command-runs.ts';

/** Lines that may wait for a slow reader; of more, the oldest are left out. */
const maxWaiting = 20_000;
/** Lines of one piece, so that no message to a client is large. */
const pieceLines = 500;

/**
 * Its output so far, then what comes; ends when the run has, or with the signal.
 * @throws AppError `command/not-found`
 */
export async function* commandOutput(
  id: string,
  runs: CommandRuns,
  log: SandboxLog,
  signal?: AbortSignal,
): AsyncGenerator<CommandOutput, void, void> {
  runs.get(id);
  let waiting: StoredLine[] = [];
  let wake = Promise.withResolvers<undefined>();
  const notify = (): void => {
    wake.resolve(undefined);
  };
  const state = { isCaughtUp: false, hasEnded: false, leftOut: 0 };
  const offLines = log.follow({ commandId: id, tail: Infinity }, (event) => {
    // What is removed meanwhile has been read already.
    if (!('lines' in event)) return;
    for (const line of event.lines) waiting.push(line);
    const tooMany = state.isCaughtUp ? Math.max(0, waiting.length - maxWaiting) : 0;
    state.isCaughtUp = true;
    if (tooMany > 0) waiting = waiting.slice(tooMany);
    state.leftOut += tooMany;
    notify();
  });
  // The end is said after the last line.
  const offRuns = runs.watch((event) => {
    state.hasEnded ||=
      event.type === 'removed'
        ? event.ids.includes(id)
        : event.runs.some((run) => run.id === id && run.endedAtMs !== undefined);
    notify();
  });
  signal?.addEventListener('abort', notify);
  if (signal?.aborted === true) notify();
  try {
    for (;;) {
      await wake.promise;
      wake = Promise.withResolvers();
      if (signal?.aborted === true) return;
      const isLast = state.isCaughtUp && state.hasEnded;
      const lines = waiting;
      waiting = [];
      if (state.leftOut > 0)
        yield { stream: 'stderr', text: `… ${String(state.leftOut)} lines left out.\n` };
      state.leftOut = 0;
      yield* pieces(lines);
      if (isLast) return;
    }
  } finally {
    offLines();
    offRuns();
    signal?.removeEventListener('abort', notify);
  }
}

/** Neighbours of one stream are one piece, up to a bound. */
export function* pieces(lines: readonly StoredLine[]): Generator<CommandOutput, void, void> {
  let stream: CommandOutput['stream'] | undefined;
  let texts: string[] = [];
  for (const line of lines) {
    // What was left out is said by no stream of the command.
    const of = line.stream ?? 'stderr';
    if (stream !== undefined && (of !== stream || texts.length >= pieceLines)) {
      yield { stream, text: texts.join('') };
      texts = [];
    }
    stream = of;
    texts.push(line.isOpen === true ? line.text : `${line.text}\n`);
  }
  if (stream !== undefined) yield { stream, text: texts.join('') };
}
