import { useEffect, useState } from 'react';
import type { ConfigReport } from '../../../../main/contract/config/config-report.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../../bridge/use-is-connected.ts';

const typingPauseMs = 300;

/**
 * What this host says of a request, a moment after the last change; undefined while it is not known,
 * or where there is nothing to ask.
 */
export function useConfigReport(request: object | undefined): ConfigReport | undefined {
  const { connection } = useBridge();
  const [known, setKnown] = useState<{ readonly key: string; readonly report: ConfigReport }>();
  const key = request === undefined ? undefined : JSON.stringify(request);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (key === undefined || !isConnected) return;
    let isStale = false;
    const timer = setTimeout(() => {
      connection.client.config.build(JSON.parse(key) as Record<string, unknown>).then(
        (report) => {
          if (!isStale) setKnown({ key, report });
        },
        () => {
          // What cannot be asked now is said when the sandbox is made.
          if (!isStale) setKnown(undefined);
        },
      );
    }, typingPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [connection, key, isConnected]);
  return known !== undefined && known.key === key ? known.report : undefined;
}
