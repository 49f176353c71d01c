import { useEffect } from 'react';
import type { Route } from './routes.ts';

const titles = {
  home: 'Sandboxes',
  create: 'New sandbox',
  images: 'Images',
  volumes: 'Volumes',
  host: 'Host',
  tasks: 'Tasks',
} as const;

/** Names the browser's tab or the desktop window after the page. */
export function usePageTitle(route: Route): void {
  const title = 'name' in route ? route.name : titles[route.page];
  useEffect(() => {
    document.title = `${title} · Skerry`;
  }, [title]);
}
