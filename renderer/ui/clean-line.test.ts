import { expect, it } from 'vitest';
import { cleanLine } from './clean-line.ts';

it('leaves colours alone, and takes every other control away', () => {
  expect(
    cleanLine('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007and\u0008 \u202eplain\tend\u001b[K'),
  ).toBe('\u001b[1;31mred\u001b[0m and plain\tend');
  expect(cleanLine('\u001b[2Jx\u001b(B\u001b')).toBe('x');
});

it('keeps what a carriage return left', () => {
  expect(cleanLine('10 %\r50 %\r100 %\r')).toBe('100 %');
});
