import type { Command } from 'commander';
import type { RunOptions } from '../commands/run.ts';
import { splitCommand } from '../command-arguments.ts';
import { withConfigOptions } from '../config-options.ts';
import { addVariable, type JsonOption } from '../options.ts';
import { withSourceOptions } from './config-commands.ts';
import type { Perform } from './perform.ts';

/** `run`, `exec`, `shell`, `sessions`, `attach`. `args` is the whole command line. */
export function addSessionCommands(
  program: Command,
  args: readonly string[],
  perform: Perform,
): void {
  const run = withSourceOptions(program.command('run'))
    .description('make a sandbox, run a command in it and exit as the command does')
    .usage('[options] IMAGE [-- COMMAND...]')
    .argument('[image]', 'image to boot from; pulled if need be; a file or preset may name it')
    .argument('[command...]', "instead of the image's own")
    .option('--rm', 'remove the sandbox afterwards')
    .option('--name <name>', 'name of the sandbox; a free one otherwise')
    .option('-t, --tty', 'give the command a terminal')
    .option('--json', 'write errors as JSON')
    .passThroughOptions()
    .action(async (operand: string | undefined, rest: string[], _: unknown, command: Command) => {
      const { image, argv } = splitRun(command, args, operand, rest);
      const commands = await import('../commands/run.ts');
      await perform(commands.run(image, argv, command.opts<RunOptions>()));
    });
  withConfigOptions(run);
  program
    .command('exec')
    .description('run a command in a sandbox and exit as it does')
    .usage('[options] NAME -- COMMAND...')
    .argument('<name>')
    .argument('[command...]', "instead of the image's own")
    .option('-t, --tty', 'give the command a terminal')
    .option('-e, --env <key=value>', 'environment variable; may be given again', addVariable)
    .option('-w, --workdir <dir>', 'directory to start in')
    .option('-u, --user <user>', 'name or number, with :group if wanted')
    .option('--json', 'write errors as JSON')
    .passThroughOptions()
    .action(async (name: string, rest: string[], _: unknown, command: Command) => {
      const argv = splitCommand(command, rest);
      const { exec } = await import('../commands/exec.ts');
      await perform(exec(name, argv, command.opts()));
    });
  program
    .command('shell')
    .description("open the sandbox's shell; without a terminal it reads a script from stdin")
    .usage('[options] NAME [-- SCRIPT]')
    .argument('<name>')
    .argument('[script...]', 'for the -c of the shell')
    .option('--json', 'write errors as JSON')
    .passThroughOptions()
    .action(async (name: string, rest: string[], _: unknown, command: Command) => {
      const script = splitCommand(command, rest);
      const { shell } = await import('../commands/exec.ts');
      await perform(shell(name, script));
    });
  program
    .command('sessions')
    .description('list the terminals and commands of a sandbox')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { listSessions } = await import('../commands/sessions.ts');
      await perform(listSessions(name, options));
    });
  program
    .command('attach')
    .description('show a terminal that there is, also if others do; Ctrl+P Ctrl+Q leaves it')
    .argument('<name>')
    .argument('[session]', 'as `skerry sessions` names it; the latest that runs otherwise')
    .option('--json', 'write errors as JSON')
    .action(async (name: string, session: string | undefined) => {
      const { attach } = await import('../commands/sessions.ts');
      await perform(attach(name, session));
    });
}

/**
 * Where a file or preset names the image, `run --file web.yaml -- COMMAND` has no operand before the
 * dashes: then the first word behind them is the command and no image.
 */
function splitRun(
  command: Command,
  args: readonly string[],
  operand: string | undefined,
  rest: readonly string[],
): { image: string | undefined; argv: string[] } {
  const { file, preset } = command.opts<RunOptions>();
  const dashes = args.indexOf('--');
  const behind = dashes < 0 ? 0 : args.length - dashes - 1;
  const isAllBehind = operand !== undefined && behind === rest.length + 1;
  if ((file !== undefined || preset !== undefined) && isAllBehind) {
    return { image: undefined, argv: [operand, ...rest] };
  }
  return { image: operand, argv: splitCommand(command, rest) };
}
