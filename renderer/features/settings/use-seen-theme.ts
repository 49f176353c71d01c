import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { settingsStore } from './settings-store.ts';
import { resolveTheme } from './theme.ts';

const darkQuery = '(prefers-color-scheme: dark)';

/** The theme that is seen, for what draws without style sheets. */
export function useSeenTheme(): 'light' | 'dark' {
  const theme = useStore(settingsStore, (state) => state.theme);
  const isSystemDark = useSyncExternalStore(subscribe, () => matchMedia(darkQuery).matches);
  return resolveTheme(theme, isSystemDark);
}

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(darkQuery);
  query.addEventListener('change', onChange);
  return () => {
    query.removeEventListener('change', onChange);
  };
}
