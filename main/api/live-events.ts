/** What is followed of running sandboxes, for a client that may be slower than they are. */
import type { CommandRun } from '../contract/commands.ts';
import { maxLogLines, type LogLine } from '../contract/logs.ts';
import type { StatsEvent, StatsOverview } from '../contract/stats.ts';
import type { Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';

/** Samples that may wait for a slow client; of more, the oldest are left out. */
const maxWaitingSamples = 60;

/** Lines as they come; of more than {@link maxLogLines} that wait, the oldest are left out. */
export async function* logLines(
  engine: Pick<Engine, 'logs'>,
  request: Parameters<Engine['logs']['follow']>[0],
  signal: AbortSignal | undefined,
): AsyncGenerator<LogLine[], void, void> {
  const inbox = new Inbox(signal);
  let waiting: LogLine[] = [];
  const off = engine.logs.follow(request, (lines) => {
    waiting = [...waiting, ...lines].slice(-maxLogLines);
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => {
      const lines = waiting;
      waiting = [];
      return lines.length === 0 ? undefined : lines;
    });
  } finally {
    off();
  }
}

/** The history, then samples. */
export async function* statsEvents(
  engine: Pick<Engine, 'stats'>,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StatsEvent, void, void> {
  const inbox = new Inbox(signal);
  let waiting: StatsEvent[] = [];
  const off = engine.stats.watch(name, (event) => {
    waiting = event.type === 'history' ? [event] : [...waiting, event].slice(-maxWaitingSamples);
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => waiting.shift());
  } finally {
    off();
  }
}

/** The latest samples of all sandboxes; what a slow client missed is gone. */
export async function* statsOverviews(
  engine: Pick<Engine, 'stats'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StatsOverview, void, void> {
  const inbox = new Inbox(signal);
  let waiting: StatsOverview | undefined;
  const off = engine.stats.watchAll((overview) => {
    waiting = overview;
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => {
      const overview = waiting;
      waiting = undefined;
      return overview;
    });
  } finally {
    off();
  }
}

/** Every run, then those that have changed, each as it is when the client takes it. */
export async function* commandRuns(
  engine: Pick<Engine, 'commands'>,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<CommandRun[], void, void> {
  const inbox = new Inbox(signal);
  const waiting = new Map<string, CommandRun>();
  let isFirst = true;
  const off = engine.commands.watch(name, (runs) => {
    for (const run of runs) waiting.set(run.id, run);
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => {
      if (waiting.size === 0 && !isFirst) return undefined;
      isFirst = false;
      const runs = [...waiting.values()];
      waiting.clear();
      return runs;
    });
  } finally {
    off();
  }
}
