/** The command line's grammar. What a command does is loaded when it is called. */
import { Command, CommanderError } from 'commander';
import { readVersion } from '../server/version.ts';
import { splitCommand } from './command-arguments.ts';
import { exitCodeOfError, usageExitCode } from './exit-code.ts';
import {
  addVariable,
  hidden,
  parsePort,
  withConfigOptions,
  type ConfigOptions,
  type JsonOption,
  type ServeOptions,
} from './options.ts';
import { silenceStreamErrors, write } from './output.ts';
import { describeFailure } from './report-error.ts';

/** Does the work of a command and keeps what to exit with. */
type Perform = (work: Promise<number>) => Promise<void>;

/** Does what the arguments after the program's name say; resolves with what to exit with. */
export async function runProgram(args: readonly string[]): Promise<number> {
  silenceStreamErrors();
  let exitCode = 0;
  let current: Command | undefined;
  const program = buildProgram(async (work) => {
    exitCode = await work;
  });
  program.hook('preAction', (_, command) => {
    current = command;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
    const failure = describeFailure(error, current?.opts<JsonOption>().json === true);
    // Where stderr is gone too, the exit code has to do.
    if (failure !== undefined) await write(process.stderr, failure).catch(() => undefined);
    return exitCodeOfError(error);
  }
}

/** Builds the grammar. `perform` is given the work of the command that was named. */
function buildProgram(perform: Perform): Command {
  const program = new Command('skerry')
    .description('MicroVM sandboxes from container images.')
    .version(readVersion())
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      outputError: (text, writeError) => {
        writeError(text.replace(/^error: /, 'skerry: '));
      },
    })
    .showHelpAfterError("→ See `skerry --help`, or a command's own --help.");
  addImageCommands(program, perform);
  addLifeCommands(program, perform);
  addSessionCommands(program, perform);
  addHostCommands(program, perform);
  return program;
}

function addImageCommands(program: Command, perform: Perform): void {
  program
    .command('pull')
    .description('fetch an image into the store')
    .argument(
      '<image>',
      'as Docker reads it: alpine, debian:13, registry.example/team/app@sha256:…',
    )
    .option('--json', 'print the image as JSON')
    .action(async (image: string, options: JsonOption) => {
      const { pull } = await import('./commands/images.ts');
      await perform(pull(image, options));
    });
  program
    .command('images')
    .description('list the images in the store')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listImages } = await import('./commands/images.ts');
      await perform(listImages(options));
    });
}

function addLifeCommands(program: Command, perform: Perform): void {
  withConfigOptions(program.command('create'))
    .description('make a sandbox and boot it; pulls the image if need be')
    .argument('<name>', 'letters, digits, ".", "_" and "-"')
    .requiredOption('--image <image>', 'image to boot from')
    .option('--json', 'print the sandbox as JSON')
    .action(async (name: string, options: ConfigOptions & JsonOption & { image: string }) => {
      const { create } = await import('./commands/create.ts');
      await perform(create(name, options));
    });
  for (const [verb, description] of [
    ['start', 'boot a sandbox that has stopped'],
    ['stop', 'shut a sandbox down'],
    ['restart', 'stop a sandbox and boot it again'],
  ] as const) {
    program
      .command(verb)
      .description(description)
      .argument('<name>')
      .option('--json', 'print the sandbox as JSON')
      .action(async (name: string, options: JsonOption) => {
        const commands = await import('./commands/life.ts');
        await perform(commands[verb](name, options));
      });
  }
  program
    .command('rm')
    .description('remove sandboxes with their disks')
    .argument('<name...>')
    .option('-f, --force', 'running ones too')
    .action(async (names: string[], options: { force?: boolean }) => {
      const { remove } = await import('./commands/life.ts');
      await perform(remove(names, options));
    });
  program
    .command('ls')
    .description('list the sandboxes')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listSandboxes } = await import('./commands/list.ts');
      await perform(listSandboxes(options));
    });
  program
    .command('inspect')
    .description('show everything about a sandbox')
    .argument('<name>')
    .option('--json', 'print JSON')
    .action(async (name: string, options: JsonOption) => {
      const { inspect } = await import('./commands/list.ts');
      await perform(inspect(name, options));
    });
}

function addSessionCommands(program: Command, perform: Perform): void {
  withConfigOptions(program.command('run'))
    .description('make a sandbox, run a command in it and exit as the command does')
    .usage('[options] IMAGE [-- COMMAND...]')
    .argument('<image>', 'image to boot from; pulled if need be')
    .argument('[command...]', "instead of the image's own")
    .option('--rm', 'remove the sandbox afterwards')
    .option('--name <name>', 'name of the sandbox; a free one otherwise')
    .option('-t, --tty', 'give the command a terminal')
    .option('-u, --user <user>', 'name or number, with :group if wanted')
    .option('--json', 'write errors as JSON')
    .passThroughOptions()
    .action(async (image: string, rest: string[], _: unknown, command: Command) => {
      const argv = splitCommand(command, rest);
      const { run } = await import('./commands/run.ts');
      await perform(run(image, argv, command.opts()));
    });
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
      const { exec } = await import('./commands/exec.ts');
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
      const { shell } = await import('./commands/exec.ts');
      await perform(shell(name, script));
    });
}

function addHostCommands(program: Command, perform: Perform): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine')
    .option('--port <n>', 'port on 127.0.0.1; any free one otherwise', parsePort)
    .option('--open', 'open the browser')
    .addOption(hidden('--background'))
    .addOption(hidden('--ready-fd <n>').argParser(Number))
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./commands/serve.ts');
      await perform(serve(options));
    });
  program
    .command('doctor')
    .description('what this machine can do, what is missing, and the command that mends it')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { doctor } = await import('./commands/doctor.ts');
      await perform(doctor(options));
    });
}
