import type { SkerryClient } from '../bridge/connection.ts';
import { showActionError } from '../features/sandboxes/sandbox-actions.ts';
import { openSystemTerminal } from '../features/terminals/system-terminal.ts';
import { navigate } from './use-route.ts';

/** Opens a shell of a sandbox outside of the window; what fails is shown on the sandbox's page. */
export async function openOutside(client: SkerryClient, name: string): Promise<void> {
  const error = await openSystemTerminal(client, name);
  if (error === undefined) return;
  navigate({ page: 'sandbox', name });
  showActionError(name, error);
}
