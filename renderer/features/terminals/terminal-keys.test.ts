import { describe, expect, it } from 'vitest';
import { classifyKey, keyboardPlatform, type KeyStroke } from './terminal-keys.ts';

function press(keys: string): KeyStroke {
  const parts = keys.split('+');
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

describe('classifyKey', () => {
  it.each([
    ['linux', 'Ctrl+Shift+C', 'copy'],
    ['linux', 'Ctrl+Shift+V', 'paste'],
    ['linux', 'Ctrl+c', 'shell'],
    ['linux', 'Ctrl+v', 'shell'],
    ['linux', 'Ctrl+f', 'find'],
    ['linux', 'Ctrl+k', 'shell'],
    ['linux', 'Ctrl+`', 'window'],
    ['linux', 'Ctrl+Shift+P', 'window'],
    ['linux', 'Ctrl+Alt+c', 'shell'],
    ['linux', 'x', 'shell'],
    ['windows', 'Ctrl+v', 'paste'],
    ['windows', 'Ctrl+c', 'shell'],
    ['mac', 'Cmd+c', 'copy'],
    ['mac', 'Cmd+v', 'paste'],
    ['mac', 'Cmd+f', 'find'],
    ['mac', 'Cmd+k', 'window'],
    ['mac', 'Ctrl+f', 'shell'],
    ['mac', 'Ctrl+`', 'window'],
  ] as const)('on %s %s is for: %s', (platform, keys, meaning) => {
    expect(classifyKey(press(keys), platform, false)).toBe(meaning);
  });

  it('copies with Ctrl+C on Windows where something is selected', () => {
    expect(classifyKey(press('Ctrl+c'), 'windows', true)).toBe('copy');
    expect(classifyKey(press('Ctrl+c'), 'linux', true)).toBe('shell');
  });
});

it('knows the platform from the user agent', () => {
  expect(keyboardPlatform('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('mac');
  expect(keyboardPlatform('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('windows');
  expect(keyboardPlatform('Mozilla/5.0 (X11; Linux x86_64)')).toBe('linux');
});
