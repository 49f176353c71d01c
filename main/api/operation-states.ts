import type { Operation } from '../contract/operation.ts';
import type { Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';

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
  const inbox = new Inbox(signal);
  const unsubscribe = engine.subscribe((event) => {
    if (event.type !== 'operation' || event.operation.id !== id) return;
    latest = event.operation;
    inbox.notify();
  });
  const take = (): Operation | undefined => {
    const state = latest;
    latest = undefined;
    return state;
  };
  try {
    for await (const state of inbox.drain(take)) {
      yield state;
      if (state.state !== 'running') return;
    }
  } finally {
    unsubscribe();
  }
}
