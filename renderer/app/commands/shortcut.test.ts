import { describe, expect, it } from 'vitest';
import { formatShortcut, isPlain, isStroke, StrokeReader, type KeyStroke } from './shortcut.ts';

const stroke = (key: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  code: key === '`' ? 'Backquote' : `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

const ctrl = { ctrlKey: true };

describe('isStroke', () => {
  it.each([
    [stroke('k', ctrl), 'Mod+K', false, true],
    [stroke('k', { metaKey: true }), 'Mod+K', true, true],
    // A shell on a Mac has Ctrl+K for itself.
    [stroke('k', ctrl), 'Mod+K', true, false],
    [stroke('k'), 'Mod+K', false, false],
    [stroke('k', { ...ctrl, altKey: true }), 'Mod+K', false, false],
    [stroke('K', { ...ctrl, shiftKey: true }), 'Mod+K', false, false],
    [stroke('P', { ...ctrl, shiftKey: true }), 'Mod+Shift+P', false, true],
    [stroke('`', ctrl), 'Ctrl+Backquote', true, true],
    // Where the key has another sign, it is known by its place.
    [{ ...stroke('^', ctrl), code: 'Backquote' }, 'Ctrl+Backquote', false, true],
    [stroke('?', { shiftKey: true }), '?', false, true],
    [stroke('?'), '?', false, true],
    [stroke('G', { shiftKey: true }), 'G', false, false],
  ] as const)('%o is %s (on a Mac: %s): %s', (event, shortcut, isMac, expected) => {
    expect(isStroke(event, shortcut, isMac)).toBe(expected);
  });
});

describe('StrokeReader', () => {
  const commands = [
    { shortcut: 'G S', command: 'sandboxes' },
    { shortcut: 'G I', command: 'images' },
    { shortcut: 'N', command: 'new' },
  ];
  const type = (keys: string, pauseMs = 100) => {
    const reader = new StrokeReader<string>(false);
    return Array.from(keys, (key, index) => reader.read(stroke(key), commands, index * pauseMs));
  };

  it('takes one stroke after the other', () => {
    expect(type('gi')).toEqual([undefined, 'images']);
    expect(type('gsn')).toEqual([undefined, 'sandboxes', 'new']);
  });

  it('begins again with what does not go on', () => {
    expect(type('gxi')).toEqual([undefined, undefined, undefined]);
    expect(type('ggs')).toEqual([undefined, undefined, 'sandboxes']);
  });

  it('forgets what was begun long ago', () => {
    expect(type('gi', 5_000)).toEqual([undefined, undefined]);
  });

  it('waits while a modifier goes down', () => {
    const reader = new StrokeReader<string>(false);
    reader.read(stroke('g'), commands, 0);
    reader.read({ ...stroke('Shift'), shiftKey: true }, commands, 1);
    expect(reader.read(stroke('i'), commands, 2)).toBe('images');
  });
});

it.each([
  ['Mod+Shift+P', false, 'Ctrl+Shift+P'],
  ['Mod+Shift+P', true, '⌘⇧P'],
  ['Ctrl+Backquote', false, 'Ctrl+`'],
  ['G S', true, 'G S'],
] as const)('writes %s (on a Mac: %s) as %s', (shortcut, isMac, words) => {
  expect(formatShortcut(shortcut, isMac)).toBe(words);
});

it('names keys as a keyboard of another language does', () => {
  const inGerman: Record<string, string> = { Ctrl: 'Strg', Shift: 'Umschalt' };
  expect(formatShortcut('Mod+Shift+P', false, (key) => inGerman[key] ?? key)).toBe(
    'Strg+Umschalt+P',
  );
});

it('knows what is typed without a modifier', () => {
  expect(['?', 'G S', 'N'].every(isPlain)).toBe(true);
  expect(['Mod+K', 'F6', 'Ctrl+Backquote'].some(isPlain)).toBe(false);
});
