import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatMac, parseAddress, parseMac, sameAddress } from './address.ts';
import { ipv4Arbitrary, ipv6Arbitrary, macArbitrary } from './testing/arbitraries.ts';

const sparseArbitrary = fc
  .array(fc.constantFrom(0, 0, 0, 1, 0xab, 0xffff), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff])));

describe('formatAddress and parseAddress', () => {
  it('give back every address', () => {
    const any = fc.oneof(ipv4Arbitrary, ipv6Arbitrary, sparseArbitrary);
    fc.assert(
      fc.property(any, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.10.2.1', '255.10.2.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['::FFFF:102:304', '::ffff:1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['::1.2.3.4', '::102:304'],
  ])('read %s and write %s', (text, canonical) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(canonical);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '1.2.3.4 ',
    '0x1.2.3.4',
    '+1.2.3.4',
    '1e1.2.3.4',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    '::g',
    '::1.2.3',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '[::1]',
    '::1/64',
  ])('refuse %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('throw for no text', () => {
    const almostAddress = fc.string({ unit: fc.constantFrom(':', '.', '0', '1', 'f', 'g', ' ') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), almostAddress), (text) => {
        const address = parseAddress(text);
        expect([undefined, 4, 16]).toContain(address?.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('sameAddress', () => {
  it('compares bytes and families', () => {
    expect(sameAddress(Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 4))).toBe(true);
    expect(sameAddress(Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 5))).toBe(false);
    expect(sameAddress(new Uint8Array(4), new Uint8Array(16))).toBe(false);
  });
});

describe('formatMac and parseMac', () => {
  it('give back every address', () => {
    fc.assert(
      fc.property(macArbitrary, (mac) => {
        expect(parseMac(formatMac(mac))).toEqual(mac);
        expect(parseMac(formatMac(mac).toUpperCase())).toEqual(mac);
      }),
    );
    expect(formatMac(Uint8Array.of(0x52, 0x54, 0, 0xa, 0xff, 1))).toBe('52:54:00:0a:ff:01');
  });

  it.each(['', '52:54:00:0a:ff', '52:54:00:0a:ff:1', '52-54-00-0a-ff-01', '52:54:00:0a:ff:01:02'])(
    'refuse %j',
    (text) => {
      expect(parseMac(text)).toBeUndefined();
    },
  );
});
