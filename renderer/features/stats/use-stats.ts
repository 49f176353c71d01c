import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { applyStats, noHistory, type SampleHistory } from './sample-history.ts';

/** What is known of a sandbox's use. */
export interface Stats {
  readonly history: SampleHistory;
  readonly isLoaded: boolean;
  readonly error: ErrorData | undefined;
}

/** The samples of a sandbox, followed while the page is open and the host answers. */
export function useStats(name: string): Stats {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const [stats, setStats] = useState<Stats>({
    history: noHistory,
    isLoaded: false,
    error: undefined,
  });
  useEffect(() => {
    if (!isConnected) return;
    const following = new AbortController();
    const { signal } = following;
    const follow = async () => {
      try {
        for await (const event of await connection.client.stats.watch({ name }, { signal })) {
          setStats(({ history }) => ({
            history: applyStats(history, event),
            isLoaded: true,
            error: undefined,
          }));
        }
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (!signal.aborted) setStats(({ history }) => ({ history, isLoaded: true, error }));
      }
    };
    void follow();
    return () => {
      following.abort();
    };
  }, [connection, isConnected, name]);
  return stats;
}
