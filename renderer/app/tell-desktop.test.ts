import { expect, it, vi } from 'vitest';

vi.hoisted(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

const { settingsStore } = await import('../features/settings/settings-store.ts');
const { tellDesktop } = await import('./tell-desktop.ts');

it('tells the language that is spoken and what closing means, once for each change', () => {
  const told: unknown[] = [];
  tellDesktop((preferences) => told.push(preferences), ['de-AT', 'en']);
  settingsStore.setState({ theme: 'dark' });
  settingsStore.setState({ language: 'de' });
  settingsStore.setState({ whenClosed: 'tray' });
  settingsStore.setState({ language: 'en' });
  expect(told).toEqual([
    { language: 'de', whenClosed: 'quit' },
    { language: 'de', whenClosed: 'tray' },
    { language: 'en', whenClosed: 'tray' },
  ]);
});
