import { useStore } from 'zustand';
import { useBridge } from './bridge-context.tsx';

/** Whether the host can be asked now; what a page asks on its own is asked anew when it comes back. */
export function useIsConnected(): boolean {
  const { connection } = useBridge();
  return useStore(connection.state, ({ status }) => status === 'connected');
}
