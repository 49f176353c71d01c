import type { Operation } from '../contract/operation.ts';
import type { Engine } from '../engine/index.ts';

/**
 * An operation now and at each change until it has ended. Only the latest state waits for a slow
 * client.
 * @throws AppError `operation/not-found`
 */
export async function* operationStates(
  engine: Pick<Engine, 'subscribe' | 'operations'>,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Operation, void, void> {
  let latest: Operation | undefined = engine.operations.get(id);
  let wake = (): void => undefined;
  const unsubscribe = engine.subscribe((event) => {
    if (event.type !== 'operation' || event.operation.id !== id) return;
    latest = event.operation;
    wake();
  });
  const onAbort = (): void => {
    wake();
  };
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      if (latest === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const state: Operation = latest;
      latest = undefined;
      yield state;
      if (state.state !== 'running') return;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
