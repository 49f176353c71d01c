import { useEffect, useState } from 'react';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../../bridge/use-is-connected.ts';

/** Names of the volumes that are there, for suggestions. */
export function useVolumeNames(): readonly string[] {
  const { connection } = useBridge();
  const [names, setNames] = useState<readonly string[]>([]);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected) return;
    let isGone = false;
    connection.client.volumes.list().then(
      (volumes) => {
        if (!isGone) setNames(volumes.map(({ name }) => name));
      },
      () => {
        // A name can be typed all the same.
        if (!isGone) setNames([]);
      },
    );
    return () => {
      isGone = true;
    };
  }, [connection, isConnected]);
  return names;
}
