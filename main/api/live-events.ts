/** What is followed of running sandboxes, for a client that may be slower than they are. */
import type { CommandEvent } from '../contract/commands.ts';
import type { LogEvent } from '../contract/logs.ts';
import type { StatsEvent, StatsOverview } from '../contract/stats.ts';
import type { Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';
import { WaitingLog } from './waiting-log.ts';
import { WaitingRuns } from './waiting-runs.ts';

/** Samples that may wait for a slow client; of more, the oldest are left out. */
const maxWaitingSamples = 60;

/** What is followed of a log; of more than `maxLogLines` that wait, the oldest are left out. */
export async function* logEvents(
  engine: Pick<Engine, 'logs'>,
  request: Parameters<Engine['logs']['follow']>[0],
  signal: AbortSignal | undefined,
): AsyncGenerator<LogEvent, void, void> {
  const inbox = new Inbox(signal);
  const waiting = new WaitingLog();
  const off = engine.logs.follow(request, (event) => {
    waiting.add(event);
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => waiting.take());
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

/** Every run, then what becomes of them, each as it is when the client takes it. */
export async function* commandEvents(
  engine: Pick<Engine, 'commands'>,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<CommandEvent, void, void> {
  const inbox = new Inbox(signal);
  const waiting = new WaitingRuns();
  const off = engine.commands.watch(name, (event) => {
    waiting.add(event);
    inbox.notify();
  });
  try {
    yield* inbox.drain(() => waiting.take());
  } finally {
    off();
  }
}
