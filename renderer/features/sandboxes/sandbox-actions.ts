import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { CreateRequest } from '../../../main/contract/sandbox-config.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { sandboxStore, type SandboxStore } from './sandbox-store.ts';
import { holdsMemory, type SandboxAction } from './state-rules.ts';

/** What came of asking for a sandbox. */
export type CreateResult =
  | { readonly ok: true; readonly operation: Operation }
  | { readonly ok: false; readonly error: ErrorData };

/** Asks for a new sandbox; what is asked is kept for another try. */
export async function createSandbox(
  client: SkerryClient,
  config: CreateRequest,
  store: SandboxStore = sandboxStore,
): Promise<CreateResult> {
  try {
    const operation = await client.sandboxes.create(config);
    store.setState(({ submitted }) => ({ submitted: { ...submitted, [config.name]: config } }));
    return { ok: true, operation };
  } catch (error) {
    return { ok: false, error: toErrorData(error) };
  }
}

/** Does what is asked; a failure stays beside the sandbox. True if it worked. */
export async function actOnSandbox(
  client: SkerryClient,
  sandbox: Pick<Sandbox, 'name' | 'state'>,
  action: SandboxAction,
  store: SandboxStore = sandboxStore,
): Promise<boolean> {
  const { name } = sandbox;
  store.setState(({ pending }) => ({ pending: { ...pending, [name]: action } }));
  dismissActionError(name, store);
  try {
    await askOf(client, sandbox, action);
    return true;
  } catch (error) {
    showActionError(name, toErrorData(error), store);
    return false;
  } finally {
    store.setState(({ pending }) => {
      const { [name]: _done, ...others } = pending;
      return { pending: others };
    });
  }
}

/** Asks the host; where that is long work, says which operation. */
export async function askOf(
  client: SkerryClient,
  { name, state }: Pick<Sandbox, 'name' | 'state'>,
  action: SandboxAction,
): Promise<Operation | undefined> {
  switch (action) {
    case 'remove':
      await client.sandboxes.remove({ name, force: holdsMemory(state) });
      return undefined;
    case 'stop':
      await client.sandboxes.stop({ name });
      return undefined;
    case 'pause':
    case 'resume':
      await client.sandboxes[action]({ name });
      return undefined;
    case 'startFromDisk':
      return client.sandboxes.start({ name, fromDisk: true });
    case 'suspend':
    case 'start':
    case 'restart':
      return client.sandboxes[action]({ name });
  }
}

/** Shows on the page of a sandbox what was asked of it elsewhere and failed. */
export function showActionError(
  name: string,
  error: ErrorData,
  store: SandboxStore = sandboxStore,
): void {
  store.setState(({ actionErrors }) => ({ actionErrors: { ...actionErrors, [name]: error } }));
}

/** Takes the last failure of a sandbox away. */
export function dismissActionError(name: string, store: SandboxStore = sandboxStore): void {
  store.setState(({ actionErrors }) => {
    const { [name]: _dismissed, ...others } = actionErrors;
    return { actionErrors: others };
  });
}
