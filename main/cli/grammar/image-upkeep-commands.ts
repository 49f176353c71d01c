import type { Command } from 'commander';
import type { PruneOptions } from '../commands/image-room.ts';
import { parseSize, type JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

const imageForms = 'a name in any spelling, or the digest that `skerry images` shows';

/** What is in the image store, and what can go: `images inspect`, `tag`, `rm`, `prune`, `df`, `limit`. */
export function addImageUpkeepCommands(images: Command, perform: Perform): void {
  images
    .command('inspect')
    .description('show everything about an image')
    .argument('<image>', imageForms)
    .option('--json', 'print JSON')
    .action(async (image: string, options: JsonOption) => {
      const { inspectImage } = await import('../commands/image-details.ts');
      await perform(inspectImage(image, options));
    });
  images
    .command('tag')
    .description('give an image one more name; another image that had it loses it')
    .argument('<image>', imageForms)
    .argument('<name>', 'name or name:tag')
    .action(async (image: string, name: string) => {
      const { tagImage } = await import('../commands/image-names.ts');
      await perform(tagImage(image, name));
    });
  images
    .command('rm')
    .description('take names away; an image goes with its last one')
    .argument('<image...>', imageForms)
    .option('-f, --force', 'also the last name of what sandboxes use; they go on working')
    .action(async (references: string[], options: { force?: boolean }) => {
      const { removeImages } = await import('../commands/image-names.ts');
      await perform(removeImages(references, options));
    });
  images
    .command('prune')
    .description('remove what no image and no sandbox needs')
    .option('-a, --all', 'also images that no sandbox uses')
    .option('--dry-run', 'only say what would go')
    .option('-f, --force', 'do not ask')
    .option('--json', 'print JSON')
    .action(async (options: PruneOptions) => {
      const { pruneImages } = await import('../commands/image-room.ts');
      await perform(pruneImages(options));
    });
  images
    .command('df')
    .description('show where the bytes of the store are')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { showUsage } = await import('../commands/image-room.ts');
      await perform(showUsage(options));
    });
  images
    .command('limit')
    .description('show or set how large the store may grow before what nothing uses is collected')
    .argument('[size]', '20GiB, 500MiB, or none', parseLimit)
    .addHelpText(
      'after',
      '\nAfter each image that comes, what no image has goes first, then images that were pulled and\nthat no sandbox uses. What was built, committed, imported or named here stays.',
    )
    .action(async (size: number | 'none' | undefined) => {
      const { limitStore } = await import('../commands/image-room.ts');
      await perform(limitStore(size));
    });
}

function parseLimit(text: string): number | 'none' {
  return text === 'none' ? 'none' : parseSize(text);
}
