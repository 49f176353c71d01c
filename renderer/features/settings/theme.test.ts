import { expect, it } from 'vitest';
import { createSettingsStore } from './settings-store.ts';
import { resolveTheme } from './theme.ts';

it('follows the system unless it was set', () => {
  expect(resolveTheme('system', true)).toBe('dark');
  expect(resolveTheme('system', false)).toBe('light');
  expect(resolveTheme('light', true)).toBe('light');
});

it('keeps settings over a reload', () => {
  const kept = new Map<string, string>();
  const storage = () =>
    ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    }) as unknown as Storage;
  createSettingsStore(storage).setState({ theme: 'dark' });
  expect(createSettingsStore(storage).getState()).toMatchObject({
    theme: 'dark',
    isSidebarCollapsed: false,
  });
});
