import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

describe('crc32c', () => {
  it('agrees with the check value of the catalogue, before its inversion', () => {
    const inverted = (crc32c(Buffer.from('123456789')) ^ 0xffffffff) >>> 0;
    expect(inverted).toBe(0xe3069283);
  });

  it('goes on from a seed', () => {
    const whole = crc32c(Buffer.from('metadata and data'));
    expect(crc32c(Buffer.from(' and data'), crc32c(Buffer.from('metadata')))).toBe(whole);
  });
});
