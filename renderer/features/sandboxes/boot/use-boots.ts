import { useEffect, useState } from 'react';
import type { BootTimeline } from '../../../../main/contract/boot-timeline.ts';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { toErrorData } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../../bridge/use-is-connected.ts';

/** The latest starts of a sandbox, asked for anew with each change of its state. */
export function useBoots({ name, state, startedAtMs }: Sandbox): {
  readonly boots: readonly BootTimeline[];
  readonly error: ErrorData | undefined;
} {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const [known, setKnown] = useState<{ boots: readonly BootTimeline[]; error?: ErrorData }>({
    boots: [],
  });
  useEffect(() => {
    if (!isConnected) return;
    let isGone = false;
    connection.client.sandboxes.boots({ name }).then(
      (boots) => {
        if (!isGone) setKnown({ boots });
      },
      (thrown: unknown) => {
        if (!isGone) setKnown(({ boots }) => ({ boots, error: toErrorData(thrown) }));
      },
    );
    return () => {
      isGone = true;
    };
  }, [connection, isConnected, name, state, startedAtMs]);
  return { boots: known.boots, error: known.error };
}
