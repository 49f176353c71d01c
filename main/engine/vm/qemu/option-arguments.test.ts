import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeOptionValue, optionList } from './option-arguments.ts';

describe('optionList', () => {
  it('writes flags as on and off, and doubles the commas of values', () => {
    expect(optionList('device', { a: true, b: false, size: 3, path: '/a,b,,c' })).toBe(
      'device,a=on,b=off,size=3,path=/a,,b,,,,c',
    );
    expect(optionList('', { a: 1 })).toBe('a=1');
  });

  it('never lets a value end early', () => {
    const value = fc.string({ unit: fc.constantFrom(',', 'a', '=') });
    fc.assert(
      fc.property(value, (text) => {
        const escaped = escapeOptionValue(text);
        expect(escaped.replaceAll(',,', '')).not.toContain(',');
        expect(escaped.replaceAll(',,', ',')).toBe(text);
      }),
    );
  });
});
