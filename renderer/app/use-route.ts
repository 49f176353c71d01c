import { useMemo, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './routes.ts';

/** The page that is open. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, readHash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** The page that is open, outside React. */
export function currentRoute(): Route {
  return parseRoute(readHash());
}

/** Opens a page; the way back leads to the present one. */
export function navigate(route: Route): void {
  window.location.hash = formatRoute(route);
}

function readHash(): string {
  return window.location.hash;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => {
    window.removeEventListener('hashchange', onChange);
  };
}
