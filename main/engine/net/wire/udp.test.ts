import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressPairArbitrary,
  joined,
  neverThrows,
  payloadArbitrary,
  uint16Arbitrary,
} from './testing/arbitraries.ts';
import { parseUdp, udpHeaderBytes, writeUdp } from './udp.ts';

const source = Uint8Array.of(10, 0, 0, 1);
const destination = Uint8Array.of(10, 0, 0, 2);
const datagram = { source, destination, sourcePort: 0x1234, destinationPort: 53 };

function built(payload: Iterable<number>): Uint8Array {
  const content = Uint8Array.from(payload);
  const into = new Uint8Array(udpHeaderBytes + content.length);
  writeUdp(into, 0, { ...datagram, payload: content });
  return into;
}

const withoutChecksum = joined(
  [0x12, 0x34], // source port
  [0, 53], // destination port
  [0, 11], // length
  [0, 0], // checksum
  [1, 2, 3], // payload
);

describe('parseUdp and writeUdp', () => {
  it('have the fields where RFC 768 has them', () => {
    const bytes = built([1, 2, 3]);
    // 0a00 + 0001 + 0a00 + 0002 + 0011 + 000b + 1234 + 0035 + 000b + 0102 + 0300, complemented
    expect([...bytes]).toEqual([0x12, 0x34, 0, 53, 0, 11, 0xd5, 0x6a, 1, 2, 3]);
    expect(parseUdp(bytes, source, destination)).toEqual({
      sourcePort: 0x1234,
      destinationPort: 53,
      payload: Uint8Array.of(1, 2, 3),
    });
  });

  it('give back what was written, at any offset', () => {
    fc.assert(
      fc.property(
        addressPairArbitrary,
        uint16Arbitrary,
        uint16Arbitrary,
        payloadArbitrary,
        fc.nat({ max: 9 }),
        ([from, to], sourcePort, destinationPort, payload, offset) => {
          const into = new Uint8Array(offset + udpHeaderBytes + payload.length).fill(0xee);
          const fields = { sourcePort, destinationPort, payload };
          writeUdp(into, offset, { ...fields, source: from, destination: to });
          expect(parseUdp(into.subarray(offset), from, to)).toEqual(fields);
          expect([into[offset + 6], into[offset + 7]]).not.toEqual([0, 0]);
        },
      ),
    );
  });

  it('write a checksum of zero as all ones', () => {
    const bytes = built([0, 0]);
    const checksum = bytes.subarray(6, 8);
    // With the checksum as the payload the sum is that of nothing more.
    expect([...built(checksum).subarray(6, 8)]).toEqual([0xff, 0xff]);
  });

  it('take no checksum between IPv4 addresses only', () => {
    expect(parseUdp(withoutChecksum, source, destination)?.destinationPort).toBe(53);
    const long = new Uint8Array(16);
    expect(parseUdp(withoutChecksum, long, long)).toBeUndefined();
  });

  it('drop what comes after the length', () => {
    expect(parseUdp(joined(built([1, 2, 3]), [9, 9]), source, destination)?.payload).toEqual(
      Uint8Array.of(1, 2, 3),
    );
  });

  it.each([
    ['a length below the header', 5, 7],
    ['a length beyond the bytes', 5, 12],
    ['a wrong checksum', 7, 1],
  ])('refuse %s', (_, at, value) => {
    const bytes = Uint8Array.from(withoutChecksum);
    bytes[at] = value;
    expect(parseUdp(bytes, source, destination)).toBeUndefined();
  });

  it('refuse a cut header, a datagram between others, and too much to write', () => {
    expect(parseUdp(withoutChecksum.subarray(0, 7), source, destination)).toBeUndefined();
    expect(parseUdp(built([1]), source, Uint8Array.of(10, 0, 0, 3))).toBeUndefined();
    expect(() => built(new Uint8Array(65_528))).toThrow(RangeError);
  });

  it('throw for no bytes', () => {
    neverThrows(payloadArbitrary.map(built), (bytes) => parseUdp(bytes, source, destination));
  });
});
