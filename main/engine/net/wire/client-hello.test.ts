import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readServerName } from './client-hello.ts';
import { joined, neverThrows, textBytes } from './testing/arbitraries.ts';

const length16 = (bytes: Uint8Array): number[] => [bytes.length >>> 8, bytes.length & 0xff];
const vector16 = (...pieces: readonly Iterable<number>[]): Uint8Array => {
  const bytes = joined(...pieces);
  return joined(length16(bytes), bytes);
};

const named = (name: string): Uint8Array => joined([0], vector16(textBytes(name)));
const nameExtension = (...names: readonly Uint8Array[]): Uint8Array =>
  joined([0, 0], vector16(vector16(...names)));
const otherExtension = joined([0, 43], vector16([2, 3, 4])); // supported versions

/** The body of a ClientHello; `extensions` undefined for none at all. */
function hello(extensions: readonly Uint8Array[] | undefined): Uint8Array {
  return joined(
    [3, 3], // legacy version
    new Uint8Array(32).fill(7), // random
    [4, 1, 2, 3, 4], // session
    [0, 2, 0x13, 0x01], // cipher suites
    [1, 0], // compression
    extensions === undefined ? [] : vector16(...extensions),
  );
}

/** The handshake message in records of `recordBytes`. */
function stream(body: Uint8Array, recordBytes = 16_384, type = 1): Uint8Array {
  const message = joined([type, 0], length16(body), body);
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += recordBytes) {
    records.push(joined([22, 3, 1], vector16(message.subarray(at, at + recordBytes))));
  }
  return joined(...records);
}

const withName = (name: string): Uint8Array =>
  stream(hello([otherExtension, nameExtension(named(name)), otherExtension]));

describe('readServerName', () => {
  it('reads a name in lower case', () => {
    expect(readServerName(withName('Www.Example.COM'))).toEqual({
      state: 'name',
      name: 'www.example.com',
    });
  });

  it('reads a ClientHello in records of any size', () => {
    const body = hello([nameExtension(named('example.com'))]);
    for (const size of [1, 2, 3, 4, 5, 50, body.length]) {
      expect(readServerName(stream(body, size))).toEqual({ state: 'name', name: 'example.com' });
    }
  });

  it('wants more of every part of a ClientHello', () => {
    for (const size of [3, 16_384]) {
      const bytes = stream(hello([nameExtension(named('example.com'))]), size);
      for (let end = 0; end < bytes.length; end++) {
        expect(readServerName(bytes.subarray(0, end))).toEqual({ state: 'more' });
      }
    }
  });

  it('does not look at what comes after it', () => {
    const bytes = joined(withName('a.example'), [20, 3, 3, 0, 1, 1], [23, 9, 9]);
    expect(readServerName(bytes)).toEqual({ state: 'name', name: 'a.example' });
  });

  it.each([
    ['no extensions', stream(hello(undefined))],
    ['empty extensions', stream(hello([]))],
    ['other extensions', stream(hello([otherExtension]))],
    ['names of another type', stream(hello([nameExtension(joined([1], vector16([9])))]))],
  ])('finds no name in %s', (_, bytes) => {
    expect(readServerName(bytes)).toEqual({ state: 'none' });
  });

  it.each([
    ['HTTP', textBytes('GET / HTTP/1.1')],
    ['SSH', textBytes('SSH-2.0-x')],
    ['an alert', Uint8Array.of(21, 3, 3, 0, 2)],
    ['another version', Uint8Array.of(22, 2, 0, 0, 9)],
  ])('tells %s from TLS', (_, bytes) => {
    expect(readServerName(bytes)).toEqual({ state: 'not-tls' });
  });

  it.each([
    ['an empty record', Uint8Array.of(22, 3, 1, 0, 0)],
    ['a record that is too long', Uint8Array.of(22, 3, 1, 0x40, 1)],
    ['another record in between', joined(withName('a.b').subarray(0, 49).fill(44, 4, 5), [23])],
    ['another message', stream(hello([]), 16_384, 2)],
    ['a message that is too long', Uint8Array.of(22, 3, 1, 0, 4, 1, 1, 0, 0)],
    ['bytes after the extensions', stream(joined(hello([otherExtension]), [0]))],
    ['extensions beyond the end', stream(hello([otherExtension]).subarray(0, -1))],
    ['an extension beyond its list', stream(hello([Uint8Array.of(0, 0, 0, 9)]))],
    ['half an extension', stream(hello([Uint8Array.of(0, 0, 0)]))],
    ['a session that is too long', stream(joined([3, 3], new Uint8Array(32), [33]))],
    ['no cipher suites', stream(joined([3, 3], new Uint8Array(32), [0, 0, 0, 1, 0]))],
    ['no compression', stream(joined([3, 3], new Uint8Array(32), [0, 0, 2, 1, 1, 0]))],
    ['nothing', stream(new Uint8Array(0))],
    ['an empty list of names', stream(hello([nameExtension()]))],
    ['an empty extension of names', stream(hello([Uint8Array.of(0, 0, 0, 0)]))],
    ['two names', stream(hello([nameExtension(named('a.b'), named('c.d'))]))],
    ['two lists', stream(hello([nameExtension(named('a.b')), nameExtension(named('a.b'))]))],
    ['a name beyond its list', stream(hello([nameExtension(Uint8Array.of(0, 0, 9, 65))]))],
    ['an empty name', withName('')],
    ['a final dot', withName('example.com.')],
    ['a zero byte', withName('example.com\0.evil')],
    ['a blank', withName('exa mple.com')],
    ['a byte beyond ASCII', withName('exämple.com')],
    ['an IPv4 address', withName('192.0.2.1')],
    ['an IPv6 address', withName('2001:db8::1')],
    ['a label that is too long', withName(`${'a'.repeat(64)}.com`)],
  ])('takes %s for malformed', (_, bytes) => {
    expect(readServerName(bytes)).toEqual({ state: 'malformed' });
  });

  it('throws for no bytes', () => {
    const extension = fc.oneof(
      fc.constantFrom(otherExtension, nameExtension(named('a.b'))),
      fc.uint8Array({ maxLength: 20 }),
    );
    const streams = fc
      .tuple(fc.array(extension), fc.integer({ min: 1, max: 100 }))
      .map(([extensions, size]) => stream(hello(extensions), size));
    neverThrows(streams, readServerName);
  });
});
