import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './destination.ts';
import {
  formatPortMapping,
  isBeyondLoopback,
  listenerOf,
  parsePortMapping,
  type PortMapping,
} from './port-mapping.ts';

const port = fc.integer({ min: 1, max: 65_535 });
const mapping: fc.Arbitrary<PortMapping> = fc.record({
  bind: fc
    .oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('127.0.0.1', '0.0.0.0', '::', '::1'))
    .map((address) => canonicalAddress(address) ?? '::'),
  hostPort: port,
  guestPort: port,
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
});

const local = { bind: '127.0.0.1', hostPort: 8080, guestPort: 80, protocol: 'tcp' } as const;

describe('a published port', () => {
  it.each([
    ['8080:80', local],
    ['8080:80/tcp', local],
    ['127.0.0.1:8080:80', local],
    ['8080:80/udp', { ...local, protocol: 'udp' }],
    ['0.0.0.0:8080:80', { ...local, bind: '0.0.0.0' }],
    ['[::1]:8080:80/udp', { ...local, bind: '::1', protocol: 'udp' }],
    ['[2001:DB8:0::1]:8080:80', { ...local, bind: '2001:db8::1' }],
    ['1:65535', { ...local, hostPort: 1, guestPort: 65_535 }],
  ])('is read: %s', (text, expected) => {
    expect(parsePortMapping(text)).toEqual(expected);
  });

  it.each([
    ...['', '80', ':80', '80:', '0:80', '80:0', '65536:80', '80:65536', '-1:80', '80:80/sctp'],
    ...['80:80/TCP', '80:80/', ' 80:80', '80:80\n', '80-81:80', '::1:80:80', '[::1]80:80'],
    ...['1.2.3:80:80', '127.1:80:80', '010.0.0.1:80:80', '256.0.0.1:80:80', '[]:80:80'],
    ...['[::ffff:010.0.0.1]:80:80', '[fe80::1%eth0]:80:80', 'localhost:80:80', 'any:80:80'],
  ])('is none: %j', (text) => {
    expect(parsePortMapping(text)).toBeUndefined();
  });

  it('is the same once it was written and read again', () => {
    fc.assert(
      fc.property(mapping, (each) => {
        expect(parsePortMapping(formatPortMapping(each))).toEqual(each);
      }),
    );
  });

  it('is written as short as can be', () => {
    const texts = ['127.0.0.1:8080:80/tcp', '[0:0::1]:53:53/udp', '0.0.0.0:080:080'];
    const short = texts.map((text) => formatPortMapping(parsePortMapping(text) ?? local));
    expect(short).toEqual(['8080:80', '[::1]:53:53/udp', '0.0.0.0:80:80']);
  });

  it('may be any text', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      ':',
      '::',
      '/',
      'udp',
      '80',
      '65536',
      '1.2.3.4',
      '%',
      '\n',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const each = parsePortMapping(text);
        if (each !== undefined) expect(parsePortMapping(formatPortMapping(each))).toEqual(each);
      }),
    );
  });

  it('is told from others by what is listened on alone', () => {
    fc.assert(
      fc.property(mapping, mapping, (a, b) => {
        const keyOf = ({ bind, hostPort, protocol }: PortMapping) => ({ bind, hostPort, protocol });
        const isSame = JSON.stringify(keyOf(a)) === JSON.stringify(keyOf(b));
        expect(listenerOf(a) === listenerOf(b)).toBe(isSame);
        const elsewhere: PortMapping = { ...a, guestPort: b.guestPort };
        expect(listenerOf(elsewhere)).toBe(listenerOf(a));
      }),
    );
    expect(listenerOf(local)).toBe('127.0.0.1:8080/tcp');
    expect(listenerOf({ ...local, bind: '::1' })).toBe('[::1]:8080/tcp');
  });

  it.each([
    ['127.0.0.1', false],
    ['127.9.9.9', false],
    ['::1', false],
    ['::ffff:7f00:1', false],
    ['0.0.0.0', true],
    ['::', true],
    ['192.168.1.1', true],
    ['::ffff:c0a8:101', true],
    ['fe80::1', true],
  ])('at %s can be reached by other machines: %s', (bind, isBeyond) => {
    expect(isBeyondLoopback({ ...local, bind })).toBe(isBeyond);
  });
});
