import { settingsStore, type Theme } from './settings-store.ts';

/** What the system prefers, as the browser knows it. */
export type SystemTheme = Pick<MediaQueryList, 'matches' | 'addEventListener'>;

/** The theme that is seen. */
export function resolveTheme(theme: Theme, isSystemDark: boolean): 'light' | 'dark' {
  if (theme !== 'system') return theme;
  return isSystemDark ? 'dark' : 'light';
}

/** Keeps the page's theme as the settings and the system have it, from now on. */
export function applyTheme(
  page: HTMLElement = document.documentElement,
  system: SystemTheme = matchMedia('(prefers-color-scheme: dark)'),
): void {
  const apply = () => {
    page.dataset['theme'] = resolveTheme(settingsStore.getState().theme, system.matches);
  };
  apply();
  settingsStore.subscribe(apply);
  system.addEventListener('change', apply);
}
