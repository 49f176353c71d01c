import type { Engine } from '../engine/index.ts';
import { Inbox } from './inbox.ts';

/** Characters that may wait for a slow client; what is older is left out, and it is told. */
const maxWaiting = 256 * 1024;

/**
 * The output of an operation: what is kept of it, then more as it comes, until it has ended.
 * @throws AppError `operation/not-found`
 */
export async function* operationOutput(
  engine: Pick<Engine, 'subscribe' | 'operations'>,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  const inbox = new Inbox(signal);
  let waiting = '';
  let isEnded = engine.operations.get(id).state !== 'running';
  const offOutput = engine.operations.onOutput(id, (text) => {
    waiting += text;
    if (waiting.length > maxWaiting) waiting = `…\n${waiting.slice(-maxWaiting / 2)}`;
    inbox.notify();
  });
  const offEvents = engine.subscribe((event) => {
    if (event.type !== 'operation' || event.operation.id !== id) return;
    isEnded = event.operation.state !== 'running';
    inbox.notify();
  });
  const take = (): string | undefined => {
    const text = waiting;
    waiting = '';
    if (text !== '') return text;
    return isEnded ? '' : undefined;
  };
  try {
    for await (const text of inbox.drain(take)) {
      if (text === '') return;
      yield text;
    }
  } finally {
    offOutput();
    offEvents();
  }
}
