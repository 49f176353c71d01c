import type { SkerryClient } from '../bridge/connection.ts';
import { actOnSandbox } from '../features/sandboxes/sandbox-actions.ts';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { canDo, wayOn } from '../features/sandboxes/state-rules.ts';

/** Has a sandbox go on, or start, from wherever it is missed; a failure shows on its page. */
export function goOn(client: SkerryClient, name: string): void {
  const sandbox = selectSandbox(name)(sandboxStore.getState());
  if (sandbox === undefined) return;
  const action = wayOn(sandbox.state) ?? 'start';
  if (canDo(sandbox.state, action)) void actOnSandbox(client, sandbox, action);
}
