import { describe, expect, it } from 'vitest';
import { terminalShortcuts } from '../terminal-shortcuts.ts';
import { keyboardPlatform, meaningOfKey, type KeyStroke } from './terminal-keys.ts';

function press(keys: string): KeyStroke {
  const parts = keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+');
  const key = parts.at(-1) ?? '';
  return {
    key,
    code: key === '`' ? 'Backquote' : `Key${key.toUpperCase()}`,
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Cmd'),
  };
}

const nothing = { hasSelection: false, copiesWithCtrlC: false };

describe('meaningOfKey', () => {
  it.each([
    ['linux', 'Ctrl+Shift+C', 'copy'],
    ['linux', 'Ctrl+Shift+V', 'paste'],
    ['linux', 'Ctrl+c', 'shell'],
    ['linux', 'Ctrl+v', 'shell'],
    ['linux', 'Ctrl+f', 'shell'],
    ['linux', 'Ctrl+Shift+F', 'find'],
    ['linux', 'Ctrl+k', 'shell'],
    ['linux', 'Ctrl+w', 'shell'],
    ['linux', 'Ctrl+`', 'window'],
    ['linux', 'Ctrl+Shift+`', 'new-terminal'],
    ['linux', 'Ctrl+Shift+P', 'window'],
    ['linux', 'Ctrl+Alt+c', 'shell'],
    ['linux', 'Alt+ArrowLeft', 'shell'],
    ['linux', 'Alt+Shift+ArrowLeft', 'focus-left'],
    ['linux', 'Ctrl+PageUp', 'shell'],
    ['linux', 'Ctrl++', 'larger-text'],
    ['linux', 'Ctrl+=', 'larger-text'],
    ['linux', 'Ctrl+Shift+=', 'larger-text'],
    ['linux', 'Ctrl+0', 'usual-text'],
    ['linux', 'x', 'shell'],
    ['linux', '0', 'shell'],
    ['windows', 'Ctrl+v', 'paste'],
    ['windows', 'Ctrl+c', 'shell'],
    ['mac', 'Cmd+c', 'copy'],
    ['mac', 'Cmd+v', 'paste'],
    ['mac', 'Cmd+f', 'find'],
    ['mac', 'Cmd+k', 'window'],
    ['mac', 'Ctrl+f', 'shell'],
    ['mac', 'Ctrl+`', 'window'],
  ] as const)('on %s %s is for: %s', (platform, keys, meaning) => {
    expect(meaningOfKey(press(keys), platform, nothing)).toBe(meaning);
  });

  it('copies with Ctrl+C where something is selected and this is the habit or wanted', () => {
    const selected = { hasSelection: true, copiesWithCtrlC: false };
    expect(meaningOfKey(press('Ctrl+c'), 'windows', selected)).toBe('copy');
    expect(meaningOfKey(press('Ctrl+c'), 'linux', selected)).toBe('shell');
    const wanted = { hasSelection: true, copiesWithCtrlC: true };
    expect(meaningOfKey(press('Ctrl+c'), 'linux', wanted)).toBe('copy');
    expect(meaningOfKey(press('Ctrl+c'), 'linux', { ...wanted, hasSelection: false })).toBe(
      'shell',
    );
  });

  it('finds each shortcut of the list by its own keys, on both kinds of keyboard', () => {
    for (const { id, keys, macKeys } of terminalShortcuts) {
      expect(meaningOfKey(press(keys), 'linux', nothing)).toBe(id);
      expect(meaningOfKey(press(macKeys), 'mac', nothing)).toBe(id);
    }
  });

  it('leaves every control character, escape sequence and function key to the shell', () => {
    const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
    const strokes = [...letters.map((letter) => `Ctrl+${letter}`), 'Escape', 'F1', 'F2', 'ArrowUp'];
    for (const keys of strokes) expect(meaningOfKey(press(keys), 'linux', nothing)).toBe('shell');
    for (const letter of letters) {
      expect(meaningOfKey(press(`Alt+${letter}`), 'linux', nothing)).toBe('shell');
    }
  });
});

it('knows the platform from the user agent', () => {
  expect(keyboardPlatform('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('mac');
  expect(keyboardPlatform('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('windows');
  expect(keyboardPlatform('Mozilla/5.0 (X11; Linux x86_64)')).toBe('linux');
});
