import { useEffect } from 'react';
import type { Route } from './routes.ts';

const titles = {
  home: 'Sandboxes',
  create: 'New sandbox',
  images: 'Images',
  disk: 'Disk usage of images',
  registries: 'Registries',
  volumes: 'Volumes',
  host: 'Host',
  settings: 'Settings',
  tasks: 'Tasks',
} as const;

/** Names the browser's tab or the desktop window after the page. */
export function usePageTitle(route: Route): void {
  const title = titleOf(route);
  useEffect(() => {
    document.title = `${title} · Skerry`;
  }, [title]);
}

function titleOf(route: Route): string {
  if ('name' in route) return route.name;
  return route.page === 'image' ? route.reference : titles[route.page];
}
