import { expect, it } from 'vitest';
import { formatMode, formatOctal, locksDirectories, parseOctal, withBit } from './file-mode.ts';

it.each([
  ['file', 0o644, '-rw-r--r--'],
  ['directory', 0o1777, 'drwxrwxrwt'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o2644, '-rw-r-Sr--'],
  ['directory', 0o1770, 'drwxrwx--T'],
  ['symlink', 0o777, 'lrwxrwxrwx'],
  ['socket', 0, 's---------'],
] as const)('%s %o is %s', (kind, mode, expected) => {
  expect(formatMode(kind, mode)).toBe(expected);
});

it('reads and writes octal', () => {
  expect(formatOctal(0o644)).toBe('0644');
  expect(parseOctal('4755')).toBe(0o4755);
  expect(parseOctal('7')).toBe(7);
  expect(parseOctal('888')).toBeUndefined();
  expect(parseOctal('77777')).toBeUndefined();
  expect(parseOctal('')).toBeUndefined();
});

it('turns bits on and off', () => {
  expect(withBit(0o644, 0o100, true)).toBe(0o744);
  expect(withBit(0o4755, 0o4000, false)).toBe(0o755);
});

it('knows which modes lock directories', () => {
  expect(locksDirectories(0o644)).toBe(true);
  expect(locksDirectories(0o755)).toBe(false);
});
