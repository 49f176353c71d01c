import { useEffect, useState } from 'react';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { createCommandStore, followCommands, type CommandStore } from './command-store.ts';

/** The runs of a sandbox, followed while the page is open and the host answers. */
export function useCommands(name: string): CommandStore {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const [store] = useState(createCommandStore);
  useEffect(() => {
    if (!isConnected) return;
    const following = new AbortController();
    void followCommands(connection.client.commands, name, store, following.signal);
    return () => {
      following.abort();
    };
  }, [connection, isConnected, name, store]);
  return store;
}
