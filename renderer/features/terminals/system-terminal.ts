/** Terminals outside of the window: those of the desktop on which the host process runs. */
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { terminalSettingsStore } from './terminal-settings.ts';
import { addNotice, dismissNotice, terminalStore } from './terminal-store.ts';

type Client = Pick<SkerryClient, 'host'>;

/** Opens a shell of a sandbox in the emulator that is set; resolves with why that failed. */
export async function openSystemTerminal(
  client: Client,
  sandbox: string,
): Promise<ErrorData | undefined> {
  const { systemTerminal } = terminalSettingsStore.getState();
  try {
    await client.host.openTerminal({ name: sandbox, emulator: systemTerminal.trim() });
    return undefined;
  } catch (error) {
    return toErrorData(error);
  }
}

/** The same for the sandbox of a terminal, which shows what went wrong. */
export async function openBesideWindow(client: Client, id: string): Promise<void> {
  const sandbox = terminalStore.getState().terminals[id]?.sandbox;
  if (sandbox === undefined) return;
  dismissNotice(id, 'not-opened');
  const error = await openSystemTerminal(client, sandbox);
  if (error !== undefined) addNotice(id, { kind: 'not-opened', error });
}
