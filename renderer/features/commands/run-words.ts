import type { CommandRun, commandInputs } from '../../../main/contract/commands.ts';
import type { z } from 'zod';
import { signalName } from '../../ui/signal-names.ts';
import { translate } from '../../words/language.ts';

/** How a run goes or went, for its mark. */
export type RunOutcome = 'running' | 'succeeded' | 'failed';

/** See {@link RunOutcome}. */
export function outcomeOf({ endedAtMs, exit }: CommandRun): RunOutcome {
  if (endedAtMs === undefined) return 'running';
  return exit?.kind === 'exited' && exit.code === 0 ? 'succeeded' : 'failed';
}

/** How it ended, in a few words. */
export function describeEnd({ endedAtMs, exit, failure }: CommandRun): string {
  if (endedAtMs === undefined) return translate('commands:running');
  if (exit?.kind === 'exited') return translate('commands:exitCode', { code: exit.code });
  if (exit !== undefined) {
    return translate('commands:signalled', {
      signal: signalName(exit.signal) ?? String(exit.signal),
    });
  }
  return failure ?? translate('commands:ended');
}

/** What ran, as one would type it. */
export function lineOf({ line, script, command }: CommandRun): string {
  return line ?? script ?? command.map(quoteWord).join(' ');
}

/** What runs the same again. */
export function requestOf(
  { line, script, command }: CommandRun,
  name: string,
): z.input<typeof commandInputs.run> {
  if (line !== undefined) return { name, line };
  return script === undefined ? { name, command } : { name, script };
}

/** A word for the shell (POSIX, 2.2.2), quoted where it has to be. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
