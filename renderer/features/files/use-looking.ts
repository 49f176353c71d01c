import { useEffect } from 'react';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { keepLooking } from './watch-files.ts';

/** Looks again and again while the page is seen and the host answers; `look` is to stay the same. */
export function useLooking(look: (() => Promise<void>) | undefined): void {
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected || look === undefined) return;
    const stop = new AbortController();
    let timer: number | undefined;
    const isSeen = () => document.visibilityState === 'visible';
    void keepLooking(look, stop.signal, isSeen, (ms) => {
      return new Promise((resolve) => {
        timer = window.setTimeout(resolve, ms);
      });
    });
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [isConnected, look]);
}
