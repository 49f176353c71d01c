/** `skerry commands` */
import type { CommandRun } from '../../contract/commands.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

const maxCommandCharacters = 60;

/** `skerry commands`: the latest first. */
export function listCommands(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async ({ procedures }) => {
    const runs = await procedures.commands.list({ name });
    if (json === true) await printJson(runs);
    else await print(commandsTable(runs, Date.now()));
    return 0;
  });
}

function commandsTable(runs: readonly CommandRun[], nowMs: number): string {
  return formatTable([
    ['ID', 'STARTED', 'TOOK', 'END', 'COMMAND'],
    ...runs.map((run) => [
      run.id,
      `${formatAge(run.startedAtMs, nowMs)} ago`,
      formatAge(run.startedAtMs, run.endedAtMs ?? nowMs),
      describeEnd(run),
      shortened(run.line ?? run.script ?? run.command.join(' ')),
    ]),
  ]);
}

function describeEnd({ exit, failure, endedAtMs }: CommandRun): string {
  if (endedAtMs === undefined) return 'runs';
  if (exit === undefined) return failure === undefined ? 'not known' : 'failed';
  return exit.kind === 'exited' ? `exit ${String(exit.code)}` : `signal ${String(exit.signal)}`;
}

/** In one line. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > maxCommandCharacters ? `${line.slice(0, maxCommandCharacters)}…` : line;
}
