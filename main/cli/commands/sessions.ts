import type { Session } from '../../contract/session.ts';
import { clientError } from '../../server/client/client-error.ts';
import { withHost } from '../connect.ts';
import { formatAge, formatTable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';
import { runSession } from '../run-session.ts';

/** `skerry sessions` */
export function listSessions(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const sessions = await host.procedures.sandboxes.sessions({ name });
    if (json === true) await printJson(sessions);
    else await print(sessionsTable(sessions, Date.now()));
    return 0;
  });
}

/** `skerry attach`: without a session, the terminal that was opened last and runs. */
export function attach(name: string, wanted: string | undefined): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const sessions = await host.procedures.sandboxes.sessions({ name });
    const session =
      wanted === undefined
        ? sessions.findLast(({ tty, exit, endedAtMs }) => tty && !exit && endedAtMs === undefined)
        : sessions.find(({ id }) => id === wanted || shortId(id) === wanted);
    if (session === undefined) {
      const what = wanted === undefined ? 'terminal that runs' : `session "${wanted}"`;
      throw clientError('session/not-found', `"${name}" has no ${what}.`);
    }
    return await runSession(host, session, interrupts, { isOld: session.tty });
  });
}

/** One line per session. */
function sessionsTable(sessions: readonly Session[], nowMs: number): string {
  return formatTable([
    ['SESSION', 'STATE', 'KIND', 'CLIENTS', 'AGE', 'COMMAND', 'TITLE'],
    ...sessions.map((session) => [
      shortId(session.id),
      stateOf(session),
      kindOf(session),
      String(session.clients ?? 0),
      formatAge(session.startedAtMs, nowMs),
      session.command.join(' ').slice(0, 60),
      session.title ?? '',
    ]),
  ]);
}

function kindOf({ tty, isTransfer }: Session): string {
  if (isTransfer === true) return 'transfer';
  return tty ? 'terminal' : 'pipes';
}

function stateOf({ exit, endedAtMs }: Session): string {
  if (exit === undefined) return endedAtMs === undefined ? 'running' : 'ended';
  return exit.kind === 'exited' ? `exited ${String(exit.code)}` : `signal ${String(exit.signal)}`;
}

/** What tells the sessions of one run of a sandbox apart. */
function shortId(id: string): string {
  return id.slice(id.lastIndexOf('-') + 1);
}
