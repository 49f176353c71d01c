import type { Command } from 'commander';
import type { CpOptions } from '../commands/cp.ts';
import type { Perform } from './perform.ts';

const details = `
A path of a sandbox is written NAME:PATH; a path of this machine with a colon in it, ./a:b.
A file goes into a directory, or in the place of a file, or is called as the target says.
A directory goes into a directory; where the target is not there, it is called so.
With /. at the end of the source, what is in the directory is copied and not it itself.
With - as the source, a tar is read from stdin; as the target, one is written to stdout.
Links are copied as links, modes and times as they are. What is there is replaced whole.
What cannot be read is left out and said, and the exit code is then 1.

Examples:
  skerry cp web:/etc/hosts .
  skerry cp ./site web:/srv
  skerry cp ./site/. web:/srv/www
  skerry cp web:/var/log - | tar tv`;

/** `cp` */
export function addFileCommands(program: Command, perform: Perform): void {
  program
    .command('cp')
    .description('copy files between this machine and a sandbox that runs')
    .argument('<source>', 'NAME:PATH, a path of this machine, or - for a tar on stdin')
    .argument('<target>', 'the same; - writes a tar to stdout')
    .option('-a, --archive', 'keep owners and extended attributes')
    .option('-L, --follow-link', 'copy what a link leads to, where the source is one')
    .option('--json', 'write errors as JSON')
    .addHelpText('after', details)
    .action(async (source: string, target: string, options: CpOptions) => {
      const commands = await import('../commands/cp.ts');
      await perform(commands.cp(source, target, options));
    });
}
