import type { Command } from 'commander';
import { addVariable, type JsonOption } from '../options.ts';
import type { ListOptions } from '../commands/list.ts';
import type { Perform } from './perform.ts';

/** `start`, `stop`, `restart`, `rm`, `ls`, `inspect`. */
export function addLifeCommands(program: Command, perform: Perform): void {
  for (const [verb, description] of [
    ['start', 'boot a sandbox that has stopped'],
    ['stop', 'shut a sandbox down'],
    ['restart', 'stop a sandbox and boot it again'],
  ] as const) {
    program
      .command(verb)
      .description(description)
      .argument('<name>')
      .option('--json', 'print the sandbox as JSON')
      .action(async (name: string, options: JsonOption) => {
        const commands = await import('../commands/life.ts');
        await perform(commands[verb](name, options));
      });
  }
  program
    .command('rm')
    .description('remove sandboxes with their disks')
    .argument('<name...>')
    .option('-f, --force', 'running ones too')
    .action(async (names: string[], options: { force?: boolean }) => {
      const { remove } = await import('../commands/life.ts');
      await perform(remove(names, options));
    });
  program
    .command('ls')
    .description('list the sandboxes')
    .option('--label <key=value>', 'only those with this label; may be given again', addVariable)
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => {
      const { listSandboxes } = await import('../commands/list.ts');
      await perform(listSandboxes(options));
    });
  program
    .command('inspect')
    .description('show everything about a sandbox')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { inspect } = await import('../commands/list.ts');
      await perform(inspect(name, options));
    });
}
