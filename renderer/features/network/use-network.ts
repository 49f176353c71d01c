import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { GuestPort } from '../../../main/contract/network.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { followNetwork } from './follow-network.ts';
import { createNetworkStore, type NetworkStore } from './network-store.ts';

const listenersEveryMs = 3_000;

/** The store of a sandbox's network; it is followed while the page is open and the host answers. */
export function useNetwork(name: string): NetworkStore {
  const { connection } = useBridge();
  const [store] = useState(createNetworkStore);
  const isConnected = useStore(connection.state, ({ status }) => status === 'connected');
  useEffect(() => {
    if (!isConnected) return;
    const following = new AbortController();
    void followNetwork(connection.client, name, store, following.signal);
    return () => {
      following.abort();
    };
  }, [connection, isConnected, name, store]);
  return store;
}

/** What listens in the guest. */
export interface Listeners {
  /** Undefined until the guest has answered. */
  readonly ports: readonly GuestPort[] | undefined;
  readonly error: ErrorData | undefined;
}

/** Asks the guest every few seconds while the page is seen; `change` asks it at once. */
export function useListeners(name: string, isRunning: boolean, change: unknown): Listeners {
  const { connection } = useBridge();
  const isConnected = useStore(connection.state, ({ status }) => status === 'connected');
  const [known, setKnown] = useState<Listeners>({ ports: undefined, error: undefined });
  useEffect(() => {
    if (!isRunning || !isConnected) return;
    let isGone = false;
    let isAsking = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible' || isAsking) return;
      isAsking = true;
      try {
        const ports = await connection.client.network.listeners({ name });
        if (!isGone) setKnown({ ports, error: undefined });
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (!isGone) setKnown(({ ports }) => ({ ports, error }));
      } finally {
        isAsking = false;
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), listenersEveryMs);
    const onSeen = () => void ask();
    document.addEventListener('visibilitychange', onSeen);
    return () => {
      isGone = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, [connection, isConnected, isRunning, name, change]);
  return isRunning ? known : { ports: undefined, error: undefined };
}
