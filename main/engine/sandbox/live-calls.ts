/** The engine's calls about what sandboxes say, run and use. */
import type { Engine } from '../engine.ts';
import { commandOutput } from '../live/commands/command-output.ts';
import { toLogLine } from '../live/logs/stored-line.ts';
import type { StatsSampler } from '../live/stats/stats-sampler.ts';
import type { Sandboxes } from './sandboxes.ts';

/** Each throws AppError `sandbox/not-found` where there is none of the name. */
export function liveCalls(
  sandboxes: Sandboxes,
  stats: StatsSampler,
): Pick<Engine, 'logs' | 'stats' | 'commands'> {
  return {
    logs: {
      read: async ({ name, ...filter }) => sandboxes.recorder(name).log.read(filter),
      follow: ({ name, ...filter }, listener) =>
        sandboxes.recorder(name).log.follow(filter, (event) => {
          listener('lines' in event ? { ...event, lines: event.lines.map(toLogLine) } : event);
        }),
      clear: async (name) => sandboxes.recorder(name).log.clear(),
    },
    stats: {
      watch: (name, listener) => stats.watch(sandboxes.inspect(name).id, listener),
      watchAll: (listener) => stats.watchAll(listener),
      processes: async (name) => [...(await sandboxes.processes(name))],
    },
    commands: {
      list: (name) => sandboxes.recorder(name).runs.list(),
      watch: (name, listener) => sandboxes.recorder(name).runs.watch(listener),
      run: (request) => sandboxes.runCommand(request),
      output: (name, id, signal) => {
        const { runs, log } = sandboxes.recorder(name);
        return commandOutput(id, runs, log, signal);
      },
      signal: async ({ name, id, signal }) => {
        await Promise.resolve(sandboxes.recorder(name).runs).then((runs) => {
          runs.signal(id, signal);
        });
      },
      remove: async (name, id) => sandboxes.recorder(name).runs.remove(id),
    },
  };
}
