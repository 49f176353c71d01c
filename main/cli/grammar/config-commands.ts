import { Option, type Command } from 'commander';
import type { CreateOptions } from '../commands/create.ts';
import type { ConfigFormat } from '../commands/dry-run.ts';
import type { EditOptions } from '../commands/edit.ts';
import { withConfigOptions } from '../config-options.ts';
import type { JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

const imageText = 'image, or a directory or disk image: ./rootfs, ./disk.qcow2';

/** What makes sandboxes and says what they are: `create`, `export`, `edit`, `duplicate`, `schema`. */
export function addConfigCommands(program: Command, perform: Perform): void {
  const create = program
    .command('create')
    .description('make a sandbox and boot it; pulls the image if need be')
    .argument('[name]', 'letters, digits, ".", "_" and "-"; that of the file otherwise')
    .option('--image <image>', imageText);
  withSourceOptions(create)
    .option('--dry-run', 'print the complete configuration and every problem, and make nothing')
    .addOption(formatOption('of --dry-run'))
    .option('--json', 'print the sandbox as JSON')
    .action(async (name: string | undefined, options: CreateOptions) => {
      const commands = await import('../commands/create.ts');
      await perform(commands.create(name, options));
    });
  withConfigOptions(create);
  program
    .command('export')
    .description('print the file of which create makes the same sandbox')
    .argument('<name>')
    .addOption(formatOption('of the file'))
    .action(async (name: string, options: { readonly format?: ConfigFormat }) => {
      const { exportConfig } = await import('../commands/export.ts');
      await perform(exportConfig(name, options));
    });
  const edit = program
    .command('edit')
    .description('change the configuration of a sandbox; without options in $EDITOR')
    .argument('<name>')
    .option('--image <image>', 'refused: it needs a new sandbox')
    .option('-f, --file <file>', 'the whole configuration, of a file; - is stdin')
    .option('--json', 'print the sandbox and the changes as JSON')
    .action(async (name: string, options: EditOptions) => {
      const commands = await import('../commands/edit.ts');
      await perform(commands.edit(name, options));
    });
  withConfigOptions(edit);
  program
    .command('duplicate')
    .description('make another sandbox of the same configuration')
    .argument('<name>')
    .argument('<new>', 'name of the new one')
    .option('--with-disk', 'with what is on the disk; the sandbox has to be stopped')
    .option('--json', 'print the new sandbox as JSON')
    .action(async (name: string, as: string, options: JsonOption & { withDisk?: boolean }) => {
      const { duplicate } = await import('../commands/duplicate.ts');
      await perform(duplicate(name, as, options));
    });
  program
    .command('schema')
    .description('print the JSON Schema of the files that create reads')
    .action(async () => {
      const { schema } = await import('../commands/schema.ts');
      await perform(schema());
    });
}

/** Options that say where the description of a new sandbox comes from. */
export function withSourceOptions(command: Command): Command {
  return command
    .option('-f, --file <file>', 'file that describes the sandbox; - is stdin; options win over it')
    .option('--preset <name>', 'begin from a preset; the file and options win over it')
    .option('--replace', 'take the place of the sandbox of this name, which is removed');
}

function formatOption(what: string): Option {
  return new Option('--format <format>', `form ${what}`).choices(['yaml', 'json']);
}
