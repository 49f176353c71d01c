/** The command line's grammar. What a command does is loaded when it is called. */
import { Command, CommanderError } from 'commander';
import { readVersion } from '../server/version.ts';
import { exitCodeOfError, usageExitCode } from './exit-code.ts';
import { addConfigCommands } from './grammar/config-commands.ts';
import { addFileCommands } from './grammar/file-commands.ts';
import { addHostCommands } from './grammar/host-commands.ts';
import { addImageCommands } from './grammar/image-commands.ts';
import { addLifeCommands } from './grammar/life-commands.ts';
import { addLiveCommands } from './grammar/live-commands.ts';
import { addNetworkCommands } from './grammar/network-commands.ts';
import type { Perform } from './grammar/perform.ts';
import { addRegistryCommands } from './grammar/registry-commands.ts';
import { addPushCommand } from './grammar/push-command.ts';
import { addRegistrySettingsCommands } from './grammar/registry-settings-commands.ts';
import { addSnapshotCommands } from './grammar/snapshot-commands.ts';
import { addSessionCommands } from './grammar/session-commands.ts';
import { addStoreCommands } from './grammar/store-commands.ts';
import type { JsonOption } from './options.ts';
import { silenceStreamErrors, write } from './output.ts';
import { describeFailure } from './report-error.ts';

/** Does what the arguments after the program's name say; resolves with what to exit with. */
export async function runProgram(args: readonly string[]): Promise<number> {
  silenceStreamErrors();
  let exitCode = 0;
  let current: Command | undefined;
  const program = buildProgram(args, async (work) => {
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

/** Builds the grammar for these arguments. `perform` is given the work of the command that was named. */
function buildProgram(args: readonly string[], perform: Perform): Command {
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
  addConfigCommands(program, perform);
  addLifeCommands(program, perform);
  addSessionCommands(program, args, perform);
  addSnapshotCommands(program, perform);
  addLiveCommands(program, perform);
  addFileCommands(program, perform);
  addImageCommands(program, perform);
  addRegistryCommands(program, perform);
  addPushCommand(program, perform);
  addRegistrySettingsCommands(program, perform);
  addNetworkCommands(program, perform);
  addStoreCommands(program, perform);
  addHostCommands(program, perform);
  return program;
}
