/** The procedures of logs, statistics and commands, bound to the in-memory host. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { FakeCommands } from './fake-commands.ts';
import type { FakeHost } from './fake-host.ts';
import { FakeLogs } from './fake-logs.ts';
import { FakeStats } from './fake-stats.ts';

const os = implement(contract);

/** The parts of the router that show what goes on in a sandbox. */
export function createFakeLiveRouter(host: FakeHost, find: (name: string) => Sandbox) {
  const { logLines, stepMs } = host;
  const logs = new FakeLogs(logLines, stepMs * 4);
  const commands = new FakeCommands(logs, stepMs);
  const stats = new FakeStats(host.sandboxes, stepMs === 0 ? 0 : 1_000);
  return {
    logs: {
      read: os.logs.read.handler(({ input }) => {
        find(input.name);
        return logs.read(input);
      }),
      follow: os.logs.follow.handler(({ input, signal }) => {
        find(input.name);
        return logs.follow(input, signal);
      }),
      clear: os.logs.clear.handler(({ input }) => {
        find(input.name);
        logs.clear(input.name);
      }),
    },
    stats: {
      watch: os.stats.watch.handler(({ input, signal }) => {
        find(input.name);
        return stats.watch(input.name, signal);
      }),
      watchAll: os.stats.watchAll.handler(({ signal }) => stats.watchAll(signal)),
    },
    commands: {
      list: os.commands.list.handler(({ input }) => commands.list(find(input.name).name)),
      watch: os.commands.watch.handler(({ input, signal }) =>
        commands.watch(find(input.name).name, signal),
      ),
      run: os.commands.run.handler(({ input }) => commands.run(find(input.name), input)),
      output: os.commands.output.handler(({ input, signal }) =>
        commands.output(input.name, input.id, signal),
      ),
      signal: os.commands.signal.handler(({ input }) => {
        commands.signal(input.name, input.id, input.signal);
      }),
      remove: os.commands.remove.handler(({ input }) => {
        commands.remove(input.name, input.id);
      }),
    },
  };
}
