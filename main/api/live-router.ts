import type { ImplementerInternalWithMiddlewares, Router as OrpcRouter } from '@orpc/server';
import type { contract } from '../contract/contract.ts';
import type { Engine } from '../engine/index.ts';
import { commandEvents, logEvents, statsEvents, statsOverviews } from './live-events.ts';

type NoContext = object;
type Part<Name extends 'logs' | 'stats' | 'commands' | 'sessions'> =
  ImplementerInternalWithMiddlewares<(typeof contract)[Name], NoContext, NoContext>;
type Bound<Name extends 'logs' | 'stats' | 'commands' | 'sessions'> = OrpcRouter<
  (typeof contract)[Name],
  NoContext
>;

/** Binds the procedures of sessions to the engine; a part of the router. */
export function createSessionRouter(
  sessions: Part<'sessions'>,
  { sessions: engine }: Pick<Engine, 'sessions'>,
): Bound<'sessions'> {
  return {
    inspect: sessions.inspect.handler(({ input }) => engine.inspect(input.id)),
    activity: sessions.activity.handler(({ input }) => engine.activity(input.id)),
    close: sessions.close.handler(({ input }) => engine.close(input.id)),
  };
}

/** Binds the procedures of logs to the engine; a part of the router. */
export function createLogRouter(
  logs: Part<'logs'>,
  engine: Pick<Engine, 'logs' | 'sandboxes'>,
): Bound<'logs'> {
  return {
    read: logs.read.handler(({ input }) => engine.logs.read(input)),
    follow: logs.follow.handler(({ input, signal }) => {
      // Asked here too, so that a wrong name fails the call and not its first line.
      engine.sandboxes.inspect(input.name);
      return logEvents(engine, input, signal);
    }),
    clear: logs.clear.handler(({ input }) => engine.logs.clear(input.name)),
  };
}

/** Binds the procedures of stats to the engine; a part of the router. */
export function createStatsRouter(
  stats: Part<'stats'>,
  engine: Pick<Engine, 'stats' | 'sandboxes'>,
): Bound<'stats'> {
  return {
    watch: stats.watch.handler(({ input, signal }) => {
      engine.sandboxes.inspect(input.name);
      return statsEvents(engine, input.name, signal);
    }),
    watchAll: stats.watchAll.handler(({ signal }) => statsOverviews(engine, signal)),
    processes: stats.processes.handler(({ input }) => engine.stats.processes(input.name)),
  };
}

/** Binds the procedures of commands to the engine; a part of the router. */
export function createCommandRouter(
  commands: Part<'commands'>,
  engine: Pick<Engine, 'commands'>,
): Bound<'commands'> {
  return {
    list: commands.list.handler(({ input }) => engine.commands.list(input.name)),
    watch: commands.watch.handler(({ input, signal }) => {
      engine.commands.list(input.name);
      return commandEvents(engine, input.name, signal);
    }),
    run: commands.run.handler(({ input }) => engine.commands.run(input)),
    output: commands.output.handler(async function* ({ input, signal }) {
      yield* engine.commands.output(input.name, input.id, signal);
    }),
    signal: commands.signal.handler(({ input }) => engine.commands.signal(input)),
    remove: commands.remove.handler(({ input }) => engine.commands.remove(input.name, input.id)),
  };
}
