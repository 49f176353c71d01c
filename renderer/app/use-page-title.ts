import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Route } from './routes.ts';

/** Names the browser's tab or the desktop window after the page. */
export function usePageTitle(route: Route): void {
  const { t } = useTranslation('app');
  const title = titleOf(route, (page) => t(`pages.${page}`));
  useEffect(() => {
    document.title = `${title} · Skerry`;
  }, [title]);
}

type NamedPage = Exclude<Route['page'], 'sandbox' | 'edit' | 'image'>;

function titleOf(route: Route, nameOf: (page: NamedPage) => string): string {
  if ('name' in route) return route.name;
  return route.page === 'image' ? route.reference : nameOf(route.page);
}
