import { expect, it } from 'vitest';
import { formatPercent, formatRate } from './format-rate.ts';

it('writes rates and parts of a hundred', () => {
  expect(formatRate(1_258_291.2)).toBe('1.2 MiB/s');
  expect(formatRate(0.4)).toBe('0 B/s');
  expect(formatPercent(0.44)).toBe('0.4 %');
  expect(formatPercent(9.96)).toBe('10 %');
});
