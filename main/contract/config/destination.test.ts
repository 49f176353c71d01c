import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressGroups,
  canonicalAddress,
  formatDestination,
  parseDestination,
  readAddress,
  type Destination,
} from './destination.ts';

const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,10}[a-z0-9_])?$/);
const name = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), fc.constantFrom('org', 'xn--p1ai', 'a1'))
  .map(([labels, top]) => [...labels, top].join('.'));
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());

/** What nobody means and somebody writes. */
const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '.',
        ':',
        '/',
        '[',
        ']',
        '*',
        '*.',
        '%',
        '::',
        '::ffff:',
        '0x',
        ' ',
        '-',
        '\0',
      ),
      fc.constantFrom('example', 'org', '10', '255', '65536', 'any', 'public', 'ü', '\u212a', '\n'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

function destinationOf(text: string): Destination {
  const reading = parseDestination(text);
  if (!reading.ok) throw new Error(reading.problem);
  return reading.destination;
}

describe('a destination', () => {
  it.each([
    ['any', { kind: 'any' }],
    ['*', { kind: 'any' }],
    [' Private ', { kind: 'group', group: 'private' }],
    ['Example.ORG', { kind: 'domain', name: 'example.org' }],
    ['example.org.', { kind: 'domain', name: 'example.org' }],
    ['_dns.xn--bcher-kva.example', { kind: 'domain', name: '_dns.xn--bcher-kva.example' }],
    ['1.2.3.4.example', { kind: 'domain', name: '1.2.3.4.example' }],
    ['*.example.org', { kind: 'suffix', name: 'example.org' }],
    ['*.lan', { kind: 'suffix', name: 'lan' }],
    ['*.private', { kind: 'suffix', name: 'private' }],
    ['10.0.0.1', { kind: 'address', address: '10.0.0.1' }],
    ['2001:DB8:0:0::1', { kind: 'address', address: '2001:db8::1' }],
    ['[::1]', { kind: 'address', address: '::1' }],
    ['64:ff9b::10.0.0.1', { kind: 'address', address: '64:ff9b::a00:1' }],
    ['::10.0.0.1', { kind: 'address', address: '::a00:1' }],
    ['::ffff:10.0.0.1', { kind: 'address', address: '10.0.0.1' }],
    ['::ffff:a00:1', { kind: 'address', address: '10.0.0.1' }],
    ['10.1.2.3/8', { kind: 'cidr', address: '10.0.0.0', prefix: 8 }],
    ['10.1.2.3/32', { kind: 'cidr', address: '10.1.2.3', prefix: 32 }],
    ['1.2.3.4/0', { kind: 'cidr', address: '0.0.0.0', prefix: 0 }],
    ['192.168.255.255/17', { kind: 'cidr', address: '192.168.128.0', prefix: 17 }],
    ['2001:db8:ffff::/33', { kind: 'cidr', address: '2001:db8:8000::', prefix: 33 }],
    ['::/0', { kind: 'cidr', address: '::', prefix: 0 }],
    ['::ffff:10.0.0.1/104', { kind: 'cidr', address: '10.0.0.0', prefix: 8 }],
    ['::ffff:10.0.0.1/80', { kind: 'cidr', address: '::', prefix: 80 }],
  ])('is read: %j', (text, destination) => {
    expect(parseDestination(text)).toEqual({ ok: true, destination });
  });

  it.each([
    ['example.org:443', 'example.org', 443],
    ['*.example.org:1', '*.example.org', 1],
    ['10.0.0.1:65535', '10.0.0.1', 65_535],
    ['10.0.0.0/8:22', '10.0.0.0/8', 22],
    ['[2001:db8::1]:443', '2001:db8::1', 443],
    ['[fd00::/8]:443', 'fd00::/8', 443],
    ['private:22', 'private', 22],
    ['*:80', 'any', 80],
  ])('may have a port behind it: %s', (text, rest, port) => {
    expect(parseDestination(text)).toMatchObject({ ok: true, port });
    expect(formatDestination(destinationOf(text))).toBe(rest);
  });

  it.each([
    ...['', ' ', '.', '..', '*.', '*..', '**.org', '*example.org', 'a.*.org', 'example..org'],
    ...['localhost', 'public.', 'bücher.example', '\u212a.example', '-a.org', 'a-.org', 'a b.org'],
    ...['example.org/', 'https://example.org', 'user@example.org', 'example.org\n.com'],
    ...[`${'a'.repeat(64)}.org`, `${'a.'.repeat(126)}org`],
    // What some programs take for an address.
    ...['1.2.3', '127.1', '2130706433', '0x7f.0.0.1', '0x7f000001', '1.2.3.0x4', '010.0.0.1'],
    ...['256.0.0.1', '1.2.3.4.', '1.2.3.4.5', '*.1', '*.0x1', 'a.1', 'example.org.0x'],
    ...['::ffff:010.0.0.1', '::0x7f.0.0.1', '::1.2.3', ':::', '1::2::3', 'fe80::1%eth0', '1:2'],
    ...[
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10/8',
      '::/129',
      '0x0a.0.0.0/8',
    ],
    ...[
      'example.org:',
      'example.org:0',
      'example.org:65536',
      'example.org:+80',
      '[::1]:',
      '[::1]80',
    ],
  ])('is none: %j', (text) => {
    const reading = parseDestination(text);
    expect(reading.ok).toBe(false);
    expect(reading.ok ? '' : reading.problem).toMatch(/\.$/);
  });

  it('is the same once it was written and read again', () => {
    const any = fc.oneof(
      fc.constantFrom('any', ...addressGroups),
      name,
      name.map((each) => `*.${each}`),
      anyAddress,
      fc.tuple(fc.ipV4(), fc.nat(32)).map(([at, prefix]) => `${at}/${String(prefix)}`),
      fc.tuple(fc.ipV6(), fc.nat(128)).map(([at, prefix]) => `${at}/${String(prefix)}`),
    );
    fc.assert(
      fc.property(any, (text) => {
        const destination = destinationOf(text);
        const written = formatDestination(destination);
        expect(destinationOf(written)).toEqual(destination);
        expect(destinationOf(written.toUpperCase())).toEqual(destination);
        expect(formatDestination(destinationOf(written))).toBe(written);
      }),
    );
  });

  it('may be any text: what is none is said in words, what is one can be written', () => {
    fc.assert(
      fc.property(fc.oneof(awkward, fc.string({ unit: 'binary' })), (text) => {
        const reading = parseDestination(text);
        if (!reading.ok) {
          expect(reading.problem).not.toBe('');
          return;
        }
        expect(destinationOf(formatDestination(reading.destination))).toEqual(reading.destination);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('an address', () => {
  it('has one text', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        const canonical = canonicalAddress(text) ?? '';
        expect(canonicalAddress(canonical.toUpperCase())).toBe(canonical);
        expect(readAddress(canonical)?.toByteArray()).toEqual(readAddress(text)?.toByteArray());
      }),
    );
  });

  it.each([
    ['::10.0.0.1', '::a00:1'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['::ffff:0:10.0.0.1', '::ffff:0:a00:1'],
    ['0:0:0:0:0:ffff:1.2.3.4', '::ffff:102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['1:2:3:4:5:6:7:1.2.3.4', undefined],
    ['1.2.3.4::', undefined],
  ])('of both families is of the newer: %s is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });
});
