import type { Command } from 'commander';
import type { DiskOnlyOption } from '../commands/snapshots.ts';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

const named = 'SANDBOX@NAME, or its id';

/** `snapshot`, `snapshots`, `snapshot-rm`, `snapshot-rename`, `restore`, `branch`, `diff`. */
export function addSnapshotCommands(program: Command, perform: Perform): void {
  program
    .command('snapshot')
    .description('keep a sandbox as it is now, to go back to or to branch from')
    .argument('<sandbox>')
    .argument('[name]', 'of the snapshot; the moment when it is left out')
    .option('--disk-only', 'without the memory of one that runs')
    .option('--json', 'print the snapshot as JSON')
    .action(async (name: string, as: string | undefined, options: DiskOnlyOption) => {
      const { takeSnapshot } = await import('../commands/snapshots.ts');
      await perform(takeSnapshot(name, as, options));
    });
  program
    .command('snapshots')
    .description('list the snapshots, each below the one that it went on from')
    .argument('[sandbox]')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, options: JsonOption) => {
      const { listSnapshots } = await import('../commands/snapshots.ts');
      await perform(listSnapshots(name, options));
    });
  program
    .command('snapshot-rm')
    .description('remove snapshots; what others share with them stays')
    .argument('<snapshot...>', named)
    .action(async (names: string[]) => {
      const { removeSnapshots } = await import('../commands/snapshots.ts');
      await perform(removeSnapshots(names));
    });
  program
    .command('snapshot-rename')
    .description('give a snapshot another name')
    .argument('<snapshot>', named)
    .argument('<name>')
    .option('--json', 'print the snapshot as JSON')
    .action(async (name: string, as: string, options: JsonOption) => {
      const { renameSnapshot } = await import('../commands/snapshots.ts');
      await perform(renameSnapshot(name, as, options));
    });
  program
    .command('restore')
    .description('put a sandbox back to a snapshot, whatever it does now')
    .argument('<snapshot>', named)
    .option('--to <sandbox>', 'another sandbox than the one that it was taken of')
    .option('--disk-only', 'the disk alone; the sandbox is stopped then')
    .option('--json', 'print the sandbox as JSON')
    .action(async (name: string, options: DiskOnlyOption & { to?: string }) => {
      const { restoreSnapshot } = await import('../commands/snapshots.ts');
      await perform(restoreSnapshot(name, options));
    });
  program
    .command('branch')
    .description('make sandboxes that go on from a snapshot, or from a sandbox as it is now')
    .argument('<from>', `a sandbox, or a snapshot: ${named}`)
    .argument('<name...>', 'of the new sandboxes')
    .option('--disk-only', 'without memory: they boot')
    .option('--json', 'print the sandboxes as JSON')
    .action(async (from: string, names: string[], options: DiskOnlyOption) => {
      const { branch } = await import('../commands/snapshots.ts');
      await perform(branch(from, names, options));
    });
  program
    .command('diff')
    .description(
      'say which files differ: of one from what it began with, or from an earlier snapshot',
    )
    .argument('<a>', `a snapshot (${named}) or, alone, a sandbox`)
    .argument('[b]', 'a later snapshot, or a sandbox')
    .option('--json', 'print JSON')
    .action(async (a: string, b: string | undefined, options: JsonOption) => {
      const { diff } = await import('../commands/snapshots.ts');
      await perform(diff(a, b, options));
    });
}
