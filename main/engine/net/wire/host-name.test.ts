import { describe, expect, it } from 'vitest';
import { isHostName } from './host-name.ts';

describe('isHostName', () => {
  it.each(['a', 'localhost', 'example.com', 'xn--bcher-kva.example', '_dmarc.a-b.c1', '1.2.3.4a'])(
    'takes %s',
    (text) => {
      expect(isHostName(text)).toBe(true);
    },
  );

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'A',
    '-a',
    'a-',
    'a b',
    'a/b',
    'a:1',
    'é',
    'a\0',
    '1.2.3.4',
    '127.1',
    '0x7f.0x1',
    'a'.repeat(64),
    `${'a.'.repeat(127)}a`,
  ])('refuses %j', (text) => {
    expect(isHostName(text)).toBe(false);
  });
});
