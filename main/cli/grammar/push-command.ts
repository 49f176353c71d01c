import type { Command } from 'commander';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

/** `push`. */
export function addPushCommand(program: Command, perform: Perform): void {
  program
    .command('push')
    .description('send an image of the store to a registry')
    .argument('<image>', 'an image of the store')
    .argument('[as]', 'its name in the registry, where it is another one')
    .option('--json', 'print what was sent as JSON')
    .action(async (image: string, as: string | undefined, options: JsonOption) => {
      const { push } = await import('../commands/push.ts');
      await perform(push(image, as, options));
    });
}
