import type { SkerryClient } from '../../bridge/connection.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { waitForTimer } from '../../bridge/wait-for-timer.ts';
import { applyNetworkEvent, type NetworkStore } from './network-store.ts';

const pauseMs = 1_000;

/** Follows the network of a sandbox into the store until the signal aborts. Never rejects. */
export async function followNetwork(
  client: Pick<SkerryClient, 'network'>,
  name: string,
  store: NetworkStore,
  signal: AbortSignal,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void> = waitForTimer,
): Promise<void> {
  while (!signal.aborted) {
    try {
      let isFirst = true;
      for await (const event of await client.network.watch({ name }, { signal })) {
        // The signal of a page that was left may come after an event that was on its way.
        if (isAborted(signal)) return;
        applyNetworkEvent(store, event, isFirst);
        isFirst = false;
      }
    } catch (error) {
      const data = toErrorData(error);
      // The window says by itself that the host process is away.
      const watchError = data.code === 'host/unreachable' ? undefined : data;
      if (!isAborted(signal)) store.setState({ watchError });
    }
    // A watch that ended, for whatever reason, is begun again after a moment.
    await wait(pauseMs, signal);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
