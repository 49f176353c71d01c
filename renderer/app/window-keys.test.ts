import { expect, it } from 'vitest';
import { commandOfKey } from './window-keys.ts';

const stroke = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  code: key === '`' ? 'Backquote' : `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

it.each([
  [stroke('`', { ctrlKey: true }), 'toggle-terminal'],
  [stroke('k', { ctrlKey: true }), 'command-palette'],
  [stroke('k', { metaKey: true }), 'command-palette'],
  [stroke('P', { ctrlKey: true, shiftKey: true }), 'command-palette'],
  [stroke('k'), undefined],
  [stroke('k', { ctrlKey: true, altKey: true }), undefined],
  [stroke('K', { ctrlKey: true, shiftKey: true }), undefined],
] as const)('%o asks for %s', (key, command) => {
  expect(commandOfKey(key)).toBe(command);
});
