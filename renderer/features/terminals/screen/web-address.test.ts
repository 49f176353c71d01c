import { expect, it } from 'vitest';
import { webAddress } from './web-address.ts';

it.each([
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['HTTP://Example.org', 'http://example.org/'],
  // A Cyrillic letter, and one that turns the direction of what follows.
  ['https://ex\u0430mple.org/', 'https://xn--exmple-4nf.org/'],
  ['https://example.org/\u202egro.liame', 'https://example.org/%E2%80%AEgro.liame'],
])('%s is %s', (address, shown) => {
  expect(webAddress(address)).toBe(shown);
});

it.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'skerry:x',
  'https://',
  '',
])('%s is none', (address) => {
  expect(webAddress(address)).toBeUndefined();
});
