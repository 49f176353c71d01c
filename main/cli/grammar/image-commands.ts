import type { Command } from 'commander';
import type { CommitOptions } from '../commands/commit.ts';
import type { JsonOption } from '../options.ts';
import { addImageUpkeepCommands } from './image-upkeep-commands.ts';
import { addImageCheck } from './image-check.ts';
import { addImageTransferCommands } from './image-transfer-commands.ts';
import type { Perform } from './perform.ts';

/** `pull`, `images`, `images …`, `commit`. */
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
  const list = async (options: JsonOption): Promise<void> => {
    const { listImages } = await import('../commands/images.ts');
    await perform(listImages(options));
  };
  const images = program
    .command('images')
    .description('the images in the store; without a command, lists them')
    .option('--json', 'print JSON')
    .action(list);
  images
    .command('ls')
    .description('list the images in the store')
    .option('--json', 'print JSON')
    .action(list);
  addImageUpkeepCommands(images, perform);
  addImageCheck(images, perform);
  program
    .command('commit')
    .description('make an image of a sandbox and the changes on its disk')
    .argument('<sandbox>', 'running or stopped; it stays as it is')
    .argument('<image>', 'name of the new image, as team/app:1')
    .option('-m, --message <text>', 'what was changed, for the history of the image')
    .option('-a, --author <text>', 'who changed it: "Ann <ann@example.org>"')
    .option('--json', 'print the name and the digest of the image as JSON')
    .action(async (sandbox: string, image: string, options: CommitOptions) => {
      const { commit } = await import('../commands/commit.ts');
      await perform(commit(sandbox, image, options));
    });
  addImageTransferCommands(program, images, perform);
}
