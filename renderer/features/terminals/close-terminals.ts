/** The end of terminals, with a question where something would be lost. */
import type { SkerryClient } from '../../bridge/connection.ts';
import { liveTerminals } from './live-terminals.ts';
import { cleanTitle } from './screen/program-title.ts';
import { questionStore, type RunningProgram } from './panel-questions.ts';
import { removeTerminal, terminalStore, type TerminalStore } from './terminal-store.ts';

/** A guest that does not say in this time what runs in it is not waited for. */
const activityTimeoutMs = 1_500;

type Client = Pick<SkerryClient, 'sessions'>;

/** Closes terminals; where a program runs in the foreground of one, it asks before. */
export async function requestClose(
  client: Client,
  terminalIds: readonly string[],
  store: TerminalStore = terminalStore,
): Promise<void> {
  const found = await Promise.all(terminalIds.map((id) => findProgram(client, id, store)));
  const programs = found.filter((program) => program !== undefined);
  if (programs.length === 0) closeTerminals(client, terminalIds, store);
  else questionStore.setState({ close: { terminalIds, programs } });
}

/** Ends the shells of terminals and takes the terminals away. */
export function closeTerminals(
  client: Client,
  terminalIds: readonly string[],
  store: TerminalStore = terminalStore,
): void {
  for (const id of terminalIds) {
    const { sessionId } = store.getState().terminals[id] ?? {};
    const live = liveTerminals.get(id);
    // What cannot be closed now stays, and can be opened again from the list of what runs.
    if (live !== undefined) live.close();
    else if (sessionId !== undefined) client.sessions.close({ id: sessionId }).catch(ignore);
    removeTerminal(id, store);
  }
}

function ignore(): void {
  // Nothing depends on the answer.
}

async function findProgram(
  client: Client,
  terminalId: string,
  store: TerminalStore,
): Promise<RunningProgram | undefined> {
  const terminal = store.getState().terminals[terminalId];
  if (terminal?.sessionId === undefined) return undefined;
  if (terminal.phase.kind !== 'open' && terminal.phase.kind !== 'opening') return undefined;
  try {
    const signal = AbortSignal.timeout(activityTimeoutMs);
    const { foreground } = await Promise.race([
      client.sessions.activity({ id: terminal.sessionId }, { signal }),
      rejectionOf(signal),
    ]);
    const name = foreground === undefined ? undefined : cleanTitle(foreground);
    return name === undefined ? undefined : { name, sandbox: terminal.sandbox };
  } catch {
    return undefined;
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = () => {
      reject(new Error('The guest did not say in time what runs in it.'));
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give);
  });
}
