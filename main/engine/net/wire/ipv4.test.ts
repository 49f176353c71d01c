import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { write16 } from './bytes.ts';
import { foldChecksum, sumWords } from './checksum.ts';
import { ipProtocol } from './ip-protocol.ts';
import { ipv4HeaderBytes, parseIpv4, writeIpv4 } from './ipv4.ts';
import {
  ipv4Arbitrary,
  joined,
  neverThrows,
  payloadArbitrary,
  uint16Arbitrary,
} from './testing/arbitraries.ts';

/** A packet with any options and fragment field, its lengths and its checksum right. */
function packet(options: readonly number[] = [], fragment = 0x4000, payload = [1, 2, 3]) {
  const headerBytes = 20 + options.length;
  const bytes = joined(
    [0x40 | (headerBytes / 4)], // version, IHL
    [0], // type of service
    [0, headerBytes + payload.length], // total length
    [0xab, 0xcd], // identification
    [fragment >>> 8, fragment & 0xff], // flags, fragment offset
    [63], // time to live
    [17], // protocol
    [0, 0], // checksum
    [10, 0, 0, 1], // source
    [192, 0, 2, 7], // destination
    options,
    payload,
  );
  return sealed(bytes);
}

function sealed(bytes: Uint8Array): Uint8Array {
  const headerBytes = Math.min(((bytes[0] ?? 0) & 0xf) * 4, bytes.length);
  write16(bytes, 10, 0);
  write16(bytes, 10, foldChecksum(sumWords(bytes, 0, headerBytes)));
  return bytes;
}

describe('parseIpv4', () => {
  it('reads the fields where RFC 791 has them', () => {
    expect(parseIpv4(packet())).toEqual({
      source: Uint8Array.of(10, 0, 0, 1),
      destination: Uint8Array.of(192, 0, 2, 7),
      protocol: ipProtocol.udp,
      ttl: 63,
      identification: 0xabcd,
      isFragment: false,
      fragmentOffset: 0,
      moreFragments: false,
      hasOptions: false,
      sourceRouted: false,
      header: packet().subarray(0, 20),
      payload: Uint8Array.of(1, 2, 3),
    });
  });

  it('takes a checksum from elsewhere', () => {
    // The header of a packet that is often shown as an example: checksum b861.
    const bytes = joined(
      [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61],
      [0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7],
      new Uint8Array(0x73 - 20),
    );
    expect(parseIpv4(bytes)?.payload.length).toBe(0x73 - 20);
  });

  it('drops padding', () => {
    expect(parseIpv4(joined(packet(), [0, 0, 0]))?.payload).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('tells of fragments, offsets in bytes', () => {
    expect(parseIpv4(packet([], 0x2000))).toMatchObject({
      isFragment: true,
      fragmentOffset: 0,
      moreFragments: true,
    });
    expect(parseIpv4(packet([], 0x0002))).toMatchObject({
      isFragment: true,
      fragmentOffset: 16,
      moreFragments: false,
    });
    // The last byte would be beyond the largest packet.
    expect(parseIpv4(packet([], 0x1fff))).toBeUndefined();
  });

  it.each([
    ['nothing but an end', [0, 9, 9, 9], false],
    ['a router alert', [148, 4, 0, 0], false],
    ['loose source routing', [1, 131, 7, 4, 8, 8, 8, 8], true],
    ['strict source routing', [137, 3, 4, 0], true],
    ['routing after the end', [0, 131, 3, 4], false],
  ])('reads options: %s', (_, options, sourceRouted) => {
    expect(parseIpv4(packet(options))).toMatchObject({ hasOptions: true, sourceRouted });
  });

  it.each([
    ['a length of 1', [148, 1, 0, 0]],
    ['a length of 0', [148, 0, 0, 0]],
    ['an end beyond the header', [148, 5, 0, 0]],
    ['no length', [1, 1, 1, 148]],
  ])('refuses an option with %s', (_, options) => {
    expect(parseIpv4(packet(options))).toBeUndefined();
  });

  it.each([
    ['another version', 0, 0x65],
    ['a header that is too short', 0, 0x44],
    ['a header beyond the packet', 0, 0x4f],
    ['a total length beyond the bytes', 3, 24],
    ['a total length below the header', 3, 19],
  ])('refuses %s', (_, at, value) => {
    const bytes = packet();
    bytes[at] = value;
    expect(parseIpv4(sealed(bytes))).toBeUndefined();
  });

  it('refuses a wrong checksum and a cut header', () => {
    const bytes = packet();
    bytes[8] = 62;
    expect(parseIpv4(bytes)).toBeUndefined();
    expect(parseIpv4(packet().subarray(0, 19))).toBeUndefined();
  });

  it('throws for no bytes', () => {
    const options = fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { maxLength: 10 });
    neverThrows(
      fc.tuple(options, uint16Arbitrary).map(([words, fragment]) => {
        return packet([...joined(...words)], fragment);
      }),
      (bytes) => parseIpv4(bytes.length < 12 ? bytes : sealed(bytes)),
    );
  });
});

describe('writeIpv4', () => {
  it('writes what is read, at any offset', () => {
    const fields = fc.record({
      source: ipv4Arbitrary,
      destination: ipv4Arbitrary,
      protocol: fc.nat({ max: 255 }),
      identification: uint16Arbitrary,
      ttl: fc.nat({ max: 255 }),
    });
    fc.assert(
      fc.property(fields, payloadArbitrary, fc.nat({ max: 9 }), (written, payload, offset) => {
        const into = new Uint8Array(offset + ipv4HeaderBytes + payload.length).fill(0xee);
        writeIpv4(into, offset, { ...written, payloadLength: payload.length });
        into.set(payload, offset + ipv4HeaderBytes);
        const read = parseIpv4(into.subarray(offset));
        expect(read).toMatchObject({ ...written, payload, isFragment: false });
        expect(into[offset + 6]).toBe(0x40);
      }),
    );
  });

  it('refuses a payload that no packet has', () => {
    const fields = { source: new Uint8Array(4), destination: new Uint8Array(4), protocol: 6 };
    expect(() => {
      writeIpv4(new Uint8Array(20), 0, { ...fields, identification: 0, payloadLength: 65_516 });
    }).toThrow(RangeError);
  });
});
