import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { loadUsage } from './image-actions.ts';
import { imageStore } from './image-store.ts';

/** Where the bytes of the store are, asked anew when images, their users or what else is kept may have changed. */
export function useStoreUsage(usageKey: string): StoreUsage | undefined {
  const { connection } = useBridge();
  const images = useStore(imageStore, (state) => state.images);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (isConnected) void loadUsage(connection.client);
  }, [connection, images, usageKey, isConnected]);
  return useStore(imageStore, (state) => state.usage);
}
