import { useCallback, useEffect, useState } from 'react';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { nextFrame } from '../../ui/next-frame.ts';
import type { LogQuestion } from './log-filter.ts';
import { createLogStore, followLog, loadEarlier, type LogStore } from './log-store.ts';

/** The lines that a question asks for, followed while the host answers; and what reads earlier ones. */
export function useLog(question: LogQuestion): {
  readonly store: LogStore;
  readonly onStartNear: () => void;
} {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const [store] = useState(createLogStore);
  useEffect(
    () => () => {
      store.setState(store.getInitialState());
    },
    [store, question],
  );
  useEffect(() => {
    if (!isConnected) return;
    const following = new AbortController();
    void followLog(connection.client.logs, question, store, following.signal, nextFrame);
    return () => {
      following.abort();
    };
  }, [connection, isConnected, question, store]);
  const onStartNear = useCallback(() => {
    void loadEarlier(connection.client.logs, question, store);
  }, [connection, question, store]);
  return { store, onStartNear };
}
