import type { Command } from 'commander';
import { addVariable, type JsonOption } from '../options.ts';
import type { StartOptions } from '../commands/life.ts';
import type { ListOptions } from '../commands/list.ts';
import type { Perform } from './perform.ts';

/** `start`, `stop`, `restart`, `pause`, `resume`, `suspend`, `rm`, `ls`, `inspect`. */
export function addLifeCommands(program: Command, perform: Perform): void {
  program
    .command('start')
    .description('boot a sandbox that has stopped, or let one go on that is suspended')
    .argument('<name>')
    .option('--from-disk', 'boot one that is suspended; what was in its memory is lost')
    .option('--json', 'print the sandbox as JSON')
    .action(async (name: string, options: StartOptions) => {
      const { start } = await import('../commands/life.ts');
      await perform(start(name, options));
    });
  for (const [verb, description] of [
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
  for (const [verb, description] of [
    ['pause', 'let sandboxes stand still, in memory'],
    ['resume', 'let paused sandboxes go on'],
    ['suspend', 'write the memory of sandboxes to disk and end them; start lets them go on'],
  ] as const) {
    program
      .command(verb)
      .description(description)
      .argument('<name...>')
      .option('--json', 'print the sandboxes as JSON')
      .action(async (names: string[], options: JsonOption) => {
        const commands = await import('../commands/power.ts');
        await perform(commands[verb](names, options));
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
