/**
 * What is said when a command cannot be started.
 */
import { AppError } from '../base/app-error.ts';
import type { AgentExec } from './agent.ts';

const maxStrings = 4096;

/** @throws AppError `exec/failed` where no guest could run this */
export function checkExec({ command, env, workdir, user }: AgentExec): void {
  const variables = Object.entries(env).flat();
  const refuse = (why: string): never => {
    throw new AppError('exec/failed', why, { hint: 'Correct the command or its environment.' });
  };
  if (command.length === 0) refuse('The command is empty.');
  if (command.length > maxStrings)
    refuse(`The command has more than ${String(maxStrings)} arguments.`);
  if (variables.length / 2 > maxStrings)
    refuse(`There are more than ${String(maxStrings)} variables.`);
  if ([...command, ...variables, workdir, user ?? ''].some((text) => text.includes('\0'))) {
    refuse('The command or its environment holds a NUL character.');
  }
  const badName = Object.keys(env).find((name) => name === '' || name.includes('='));
  if (badName !== undefined) refuse(`${JSON.stringify(badName)} is no name of a variable.`);
}

/** The guest's refusal, with what was asked in the words of the person who asked. */
export function startError(refusal: AppError, { command, workdir, user }: AgentExec): AppError {
  const name = JSON.stringify(command[0]);
  const reason = refusal.message;
  const messages: Partial<Record<string, string>> = {
    'exec/not-found': `${name} was not found in the sandbox.`,
    'exec/not-executable': `${name} cannot be executed: ${reason}.`,
    'exec/bad-workdir': `The working directory ${JSON.stringify(workdir)} cannot be entered: ${reason}.`,
    'exec/bad-user': `There is no user ${JSON.stringify(user ?? 'root')} in the sandbox.`,
    'exec/failed': `${name} could not be started: ${reason}.`,
  };
  return new AppError(refusal.code, messages[refusal.code] ?? reason);
}
