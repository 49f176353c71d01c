import type { NetworkConfig } from '../../main/contract/config/network.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { WhatWouldHappen } from '../features/network/what-would-happen.tsx';

/** What would happen to a destination under a network that no sandbox has yet. */
export function NetworkTest({ network }: { readonly network: NetworkConfig }) {
  const { connection } = useBridge();
  return (
    <WhatWouldHappen
      policyKey={JSON.stringify(network)}
      ask={(question, signal) =>
        connection.client.network.testConfig({ ...question, network }, { signal })
      }
    />
  );
}
