import { describe, expect, it } from 'vitest';
import {
  createTerminalSettingsStore,
  defaultTerminalSettings,
  zoomText,
} from './terminal-settings.ts';

function aStorage(text?: string): Storage {
  const kept = new Map(text === undefined ? [] : [['skerry.terminal-settings', text]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
    removeItem: (key: string) => {
      kept.delete(key);
    },
  } as unknown as Storage;
}

const kept = (state: unknown) => JSON.stringify({ state, version: 1 });

describe('the settings of terminals', () => {
  it('are kept over a reload', () => {
    const storage = aStorage();
    createTerminalSettingsStore(() => storage).setState({ cursorStyle: 'bar', fontSizePx: 18 });
    const again = createTerminalSettingsStore(() => storage);
    expect(again.getState()).toEqual({
      ...defaultTerminalSettings,
      cursorStyle: 'bar',
      fontSizePx: 18,
    });
  });

  it('are what applies at first where what was kept makes no sense, field by field', () => {
    const storage = aStorage(
      kept({ fontSizePx: 4_000, palette: 'pink', bell: 'none', scrollbackLines: 'many', other: 1 }),
    );
    expect(createTerminalSettingsStore(() => storage).getState()).toEqual({
      ...defaultTerminalSettings,
      bell: 'none',
    });
  });

  it('ask before a program may set the clipboard, and before several lines are pasted', () => {
    expect(defaultTerminalSettings).toMatchObject({ clipboardWrites: 'ask', warnsOfPaste: true });
  });

  it('let the text be no larger and no smaller than one can read', () => {
    const storage = aStorage();
    const store = createTerminalSettingsStore(() => storage);
    for (let step = 0; step < 100; step += 1) zoomText(1, store);
    expect(store.getState().fontSizePx).toBe(40);
    for (let step = 0; step < 100; step += 1) zoomText(-1, store);
    expect(store.getState().fontSizePx).toBe(6);
    zoomText(0, store);
    expect(store.getState().fontSizePx).toBe(defaultTerminalSettings.fontSizePx);
  });
});
