import { afterEach, expect, it } from 'vitest';
import { speak } from '../words/language.ts';
import { formatPercent, formatRate } from './format-rate.ts';

afterEach(() => speak('en'));

it('writes rates and parts of a hundred', () => {
  expect(formatRate(1_258_291.2)).toBe('1.2 MiB/s');
  expect(formatRate(0.4)).toBe('0 B/s');
  expect(formatPercent(0.44)).toBe('0.4 %');
  expect(formatPercent(9.96)).toBe('10 %');
});

it('writes them as the language does', async () => {
  await speak('de');
  expect(formatRate(1_258_291.2)).toBe('1,2 MiB/s');
  expect(formatPercent(0.44)).toBe('0,4 %');
});
