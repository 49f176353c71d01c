import type { Command } from 'commander';
import type { JsonOption } from '../options.ts';
import { addImageCheck } from './image-check.ts';
import type { Perform } from './perform.ts';

/** `pull`, `images …`. */
export function addImageCommands(program: Command, perform: Perform): void {
  program
    .command('pull')
    .description('fetch an image into the store')
    .argument(
      '<image>',
      'as Docker reads it: alpine, debian:13, registry.example/team/app@sha256:…',
    )
    .option('--json', 'print the image as JSON')
    .action(async (image: string, options: JsonOption) => {
      const { pull } = await import('../commands/images.ts');
      await perform(pull(image, options));
    });
  const images = program
    .command('images')
    .description('list the images in the store')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listImages } = await import('../commands/images.ts');
      await perform(listImages(options));
    });
  addImageCheck(images, perform);
}
