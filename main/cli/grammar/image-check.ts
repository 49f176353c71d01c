import type { Command } from 'commander';
import type { CheckOptions } from '../commands/image-check.ts';
import type { Perform } from './perform.ts';

/** `images check`. */
export function addImageCheck(images: Command, perform: Perform): void {
  images
    .command('check')
    .description('look whether everything in the store is what it should be')
    .option('--mend', 'make right what can be')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExits with 1 where something is wrong and was not mended.')
    .action(async (_: unknown, command: Command) => {
      const { checkImages } = await import('../commands/image-check.ts');
      // `images` has --json as well, and takes it wherever it stands.
      await perform(checkImages(command.optsWithGlobals<CheckOptions>()));
    });
}
