/** What a run of a command is, of the three ways to ask for one. */
import type { z } from 'zod';
import type { commandInputs } from '../../../contract/commands.ts';
import { scriptsDirectory } from '../../../contract/config/scripts.ts';
import type { AgentExec } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import { planExec, type CommandContext } from './guest-environment.ts';

/** See `commands.run` of the contract. */
export type CommandRequest = z.output<typeof commandInputs.run>;

/**
 * The command of a line for the shell, of a script of the sandbox, or of its own words.
 * @throws AppError `command/invalid`
 */
export function planCommand(request: CommandRequest, context: CommandContext): AgentExec {
  const { name, env, workdir, user } = request;
  return planExec({ name, command: commandOf(request, context), env, workdir, user }, context);
}

function commandOf(
  { line, script, command }: CommandRequest,
  { config }: CommandContext,
): string[] {
  const given = [line, script, command].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new AppError('command/invalid', `${String(given.length)} commands were given, not one.`);
  }
  if (line !== undefined) return [config.shell, '-c', line];
  if (script === undefined) return command ?? [];
  if (!Object.hasOwn(config.scripts, script)) {
    const names = Object.keys(config.scripts);
    throw new AppError('command/invalid', `The sandbox has no script named "${script}".`, {
      hint: names.length === 0 ? 'It has none at all.' : `It has ${names.join(', ')}.`,
    });
  }
  return [`${scriptsDirectory}/${script}`];
}
