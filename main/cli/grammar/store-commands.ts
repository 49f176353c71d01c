import type { Command } from 'commander';
import type { SaveOptions } from '../commands/presets.ts';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

/** What outlives sandboxes: `volume …`, `presets`, `preset …`. */
export function addStoreCommands(program: Command, perform: Perform): void {
  addVolumeCommands(
    program.command('volume').description('named volumes, which outlive sandboxes'),
    perform,
  );
  program
    .command('presets')
    .description('list the configurations to begin from')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listPresets } = await import('../commands/presets.ts');
      await perform(listPresets(options));
    });
  const preset = program.command('preset').description('presets of your own');
  preset
    .command('save')
    .description('keep a configuration as a preset; one of the same name is replaced')
    .argument('<name>')
    .option('--from <sandbox>', 'that of a sandbox')
    .option('-f, --file <file>', 'that of a file; - is stdin')
    .option('--description <text>', 'what it is for, in a sentence')
    .action(async (name: string, options: SaveOptions) => {
      const { savePreset } = await import('../commands/presets.ts');
      await perform(savePreset(name, options));
    });
  preset
    .command('rm')
    .description('remove a preset of your own')
    .argument('<name>')
    .action(async (name: string) => {
      const { removePreset } = await import('../commands/presets.ts');
      await perform(removePreset(name));
    });
}

function addVolumeCommands(volume: Command, perform: Perform): void {
  volume
    .command('ls')
    .description('list the named volumes')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listVolumes } = await import('../commands/volumes.ts');
      await perform(listVolumes(options));
    });
  volume
    .command('inspect')
    .description('show everything about a volume')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { inspectVolume } = await import('../commands/volumes.ts');
      await perform(inspectVolume(name, options));
    });
  volume
    .command('create')
    .description('make an empty volume')
    .argument('<name>', 'letters, digits, ".", "_" and "-"')
    .option('--json', 'print the volume as JSON')
    .action(async (name: string, options: JsonOption) => {
      const { createVolume } = await import('../commands/volumes.ts');
      await perform(createVolume(name, options));
    });
  volume
    .command('rm')
    .description('remove volumes with what is in them')
    .argument('<name...>')
    .option('-f, --force', 'such as sandboxes mount, too')
    .action(async (names: string[], options: { force?: boolean }) => {
      const { removeVolumes } = await import('../commands/volumes.ts');
      await perform(removeVolumes(names, options));
    });
}
