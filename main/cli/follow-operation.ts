import type { Operation } from '../contract/operation.ts';
import { ClientError, clientError } from '../server/client/client-error.ts';
import type { HostClient } from '../server/client/host-client.ts';
import type { Interrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';

/**
 * Shows an operation until it has ended, and returns it as it is then; a signal cancels it.
 * @throws ClientError why it failed; InterruptedError where a signal cancelled it
 */
export async function followOperation(
  host: HostClient,
  operation: Operation,
  interrupts: Interrupts,
): Promise<Operation> {
  // What was so already is no operation that could be watched.
  if (operation.state === 'succeeded') return operation;
  const { id } = operation;
  const { operations } = host.procedures;
  const progress = createProgress(process.stderr);
  interrupts.handle(() => {
    // It may have ended meanwhile, which its last state tells.
    operations.cancel({ id }).catch(() => undefined);
  });
  let last: Operation | undefined;
  try {
    for await (const state of await operations.watch({ id })) {
      progress.show(state);
      last = state;
    }
  } finally {
    progress.end();
    interrupts.ignore();
  }
  if (last?.state === 'succeeded') return last;
  if (last?.state === 'cancelled') interrupts.throwIfInterrupted();
  if (last?.error !== undefined) throw new ClientError(last.error);
  throw clientError('host/unreachable', 'The host process ended before the work did.');
}
