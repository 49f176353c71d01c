import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { write16 } from './bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import { buildIcmpv6, parseIcmpv6, unreachableCodeV6 } from './icmpv6.ts';
import {
  ipv6Arbitrary,
  joined,
  macArbitrary,
  neverThrows,
  payloadArbitrary,
  uint16Arbitrary,
} from './testing/arbitraries.ts';

const router = Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const guest = Uint8Array.of(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
const mac = Uint8Array.of(0x52, 0x54, 0, 0, 0, 1);

function sealed(...pieces: readonly Iterable<number>[]): Uint8Array {
  const bytes = joined(...pieces);
  write16(bytes, 2, 0);
  const pseudo = pseudoHeaderSum(guest, router, 58, bytes.length);
  write16(bytes, 2, foldChecksum(sumWords(bytes, 0, bytes.length, pseudo)));
  return bytes;
}

const parse = (bytes: Uint8Array) => parseIcmpv6(bytes, guest, router);

describe('parseIcmpv6', () => {
  it('reads a solicitation with an option', () => {
    const bytes = sealed(
      [135, 0, 0, 0], // type, code, checksum
      [0, 0, 0, 0], // reserved
      router, // target
      [1, 1], // option: source's hardware address, 8 bytes
      mac,
    );
    expect(parse(bytes)).toEqual({ kind: 'neighbor-solicitation', target: router });
  });

  it('reads an advertisement and the solicitation of a router', () => {
    expect(parse(sealed([136, 0, 0, 0, 0x60, 0, 0, 0], guest))).toEqual({
      kind: 'neighbor-advertisement',
      target: guest,
    });
    expect(parse(sealed([133, 0, 0, 0, 0, 0, 0, 0]))).toEqual({ kind: 'router-solicitation' });
  });

  it('gives other messages by type and code', () => {
    const report = sealed([143, 0, 0, 0, 0, 0, 0, 0]);
    expect(parse(report)).toEqual({ kind: 'other', type: 143, code: 0 });
    expect(parse(sealed([128, 1, 0, 0, 0, 0, 0, 0]))).toMatchObject({ kind: 'other', code: 1 });
  });

  it.each([
    ['a target that is cut', sealed([135, 0, 0, 0, 0, 0, 0, 0], router.subarray(0, 15))],
    ['a multicast target', sealed([135, 0, 0, 0, 0, 0, 0, 0, 0xff], router.subarray(1))],
    ['another code', sealed([135, 1, 0, 0, 0, 0, 0, 0], router)],
    ['an option of no length', sealed([135, 0, 0, 0, 0, 0, 0, 0], router, [1, 0], mac)],
    ['an option beyond the end', sealed([135, 0, 0, 0, 0, 0, 0, 0], router, [1, 2], mac)],
    ['a lone byte of an option', sealed([133, 0, 0, 0, 0, 0, 0, 0], [1])],
    ['no whole header', sealed([133, 0, 0, 0, 0, 0, 0])],
    ['a wrong checksum', sealed([133, 0, 0, 0, 0, 0, 0, 0]).fill(1, 7)],
  ])('refuses %s', (_, bytes) => {
    expect(parse(bytes)).toBeUndefined();
  });

  it('refuses a message to another address', () => {
    const bytes = sealed([133, 0, 0, 0, 0, 0, 0, 0]);
    expect(parseIcmpv6(bytes, guest, mac)).toBeUndefined();
  });

  it('throws for no bytes', () => {
    const types = fc.constantFrom(1, 128, 129, 133, 134, 135, 136);
    const messages = fc
      .tuple(types, fc.uint8Array({ minLength: 7, maxLength: 80 }))
      .map(([type, rest]) => joined([type, 0], rest));
    neverThrows(messages, (bytes) => parse(bytes.length < 4 ? bytes : sealed(bytes)));
  });
});

describe('buildIcmpv6', () => {
  it('builds echoes that are read', () => {
    const echo = fc.record({
      kind: fc.constantFrom('echo-request' as const, 'echo-reply' as const),
      identifier: uint16Arbitrary,
      sequence: uint16Arbitrary,
      data: payloadArbitrary,
    });
    fc.assert(
      fc.property(echo, ipv6Arbitrary, ipv6Arbitrary, (message, source, destination) => {
        const bytes = buildIcmpv6(message, source, destination);
        expect(parseIcmpv6(bytes, source, destination)).toEqual(message);
      }),
    );
  });

  it('builds advertisements of neighbors', () => {
    const message = { kind: 'neighbor-advertisement', target: router } as const;
    const bytes = buildIcmpv6(
      { ...message, mac, isRouter: true, isSolicited: true, isOverride: false },
      router,
      guest,
    );
    expect(parseIcmpv6(bytes, router, guest)).toEqual(message);
    expect(bytes.subarray(4)).toEqual(
      joined(
        [0xc0, 0, 0, 0], // router, solicited
        router, // target
        [2, 1], // option: target's hardware address, 8 bytes
        mac,
      ),
    );
  });

  it('builds advertisements of routers with every option', () => {
    const bytes = buildIcmpv6(
      {
        kind: 'router-advertisement',
        mac,
        lifetimeS: 1800,
        prefix: { address: guest, length: 64, isAutonomous: true, validS: 7200, preferredS: 3600 },
        mtu: 1500,
        nameServer: router,
      },
      router,
      guest,
    );
    expect(parseIcmpv6(bytes, router, guest)).toEqual({ kind: 'other', type: 134, code: 0 });
    expect(bytes.subarray(4)).toEqual(
      joined(
        [64, 0], // hop limit, flags
        [1800 >>> 8, 1800 & 0xff], // lifetime
        new Uint8Array(8), // reachable time, retransmission time
        [1, 1], // option: source's hardware address
        mac,
        [3, 4, 64, 0xc0], // option: prefix of 64 bits, on the link, autonomous
        [0, 0, 7200 >>> 8, 7200 & 0xff], // valid
        [0, 0, 3600 >>> 8, 3600 & 0xff], // preferred
        [0, 0, 0, 0], // reserved
        guest,
        [5, 1, 0, 0], // option: MTU
        [0, 0, 1500 >>> 8, 1500 & 0xff],
        [25, 3, 0, 0], // option: name server
        [0, 0, 1800 >>> 8, 1800 & 0xff], // lifetime
        router,
      ),
    );
  });

  it('builds advertisements of routers with no option but the hardware address', () => {
    const message = { kind: 'router-advertisement', mac, lifetimeS: 0 } as const;
    fc.assert(
      fc.property(macArbitrary, (other) => {
        const bytes = buildIcmpv6({ ...message, mac: other }, router, guest);
        expect(bytes.subarray(16)).toEqual(joined([1, 1], other));
      }),
    );
  });

  it('quotes as much of an original as fits the smallest MTU', () => {
    const code = unreachableCodeV6.port;
    for (const [originalBytes, builtBytes] of [
      [100, 108],
      [1232, 1240],
      [1500, 1240],
    ] as const) {
      const original = new Uint8Array(originalBytes).fill(3);
      const bytes = buildIcmpv6({ kind: 'unreachable', code, original }, router, guest);
      expect(bytes.length).toBe(builtBytes);
      expect(parseIcmpv6(bytes, router, guest)).toEqual({ kind: 'other', type: 1, code: 4 });
    }
  });
});
