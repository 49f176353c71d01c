import { toErrorData } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { operationStore, type OperationStore } from './operation-store.ts';

/** Asks an operation to end; a failure to do so is kept beside the operation. */
export async function cancelOperation(
  client: SkerryClient,
  id: string,
  store: OperationStore = operationStore,
): Promise<void> {
  store.setState(({ cancelling, cancelErrors }) => {
    const { [id]: _before, ...others } = cancelErrors;
    return { cancelling: [...cancelling, id], cancelErrors: others };
  });
  try {
    await client.operations.cancel({ id });
  } catch (error) {
    store.setState(({ cancelling, cancelErrors }) => ({
      cancelling: cancelling.filter((other) => other !== id),
      cancelErrors: { ...cancelErrors, [id]: toErrorData(error) },
    }));
  }
}
