import { useEffect, useSyncExternalStore } from 'react';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../../bridge/use-is-connected.ts';
import { applyUsage, usageStore } from './usage-store.ts';

/** Follows what sandboxes use while the page that calls it is seen: one stream for the window. */
export function useUsageFeed(): void {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const isSeen = useSyncExternalStore(
    subscribeToVisibility,
    () => document.visibilityState === 'visible',
  );
  useEffect(() => {
    if (!isConnected || !isSeen) return;
    const following = new AbortController();
    const { signal } = following;
    const follow = async () => {
      const overviews = await connection.client.stats.watchAll(undefined, { signal });
      for await (const overview of overviews) applyUsage(usageStore, overview);
    };
    // Without it there are no curves, and everything else goes on; it is asked anew with the host.
    follow().catch(() => undefined);
    return () => {
      following.abort();
    };
  }, [connection, isConnected, isSeen]);
}

function subscribeToVisibility(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  return () => {
    document.removeEventListener('visibilitychange', onChange);
  };
}
