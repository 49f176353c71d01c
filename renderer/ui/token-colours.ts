import { useSyncExternalStore } from 'react';

/** The theme of the page as it is seen, for what draws without style sheets: it changes with it. */
export function usePageTheme(): string {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset['theme'] ?? '');
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
  };
}

/** The colours that tokens (`--accent`) have now. */
export function readTokens<Name extends string>(names: readonly Name[]): Record<Name, string> {
  // The value of a custom property is text; only a colour that is used is resolved.
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = names.map((name) => {
    probe.style.color = `var(${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Record<Name, string>;
}
