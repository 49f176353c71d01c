import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6HeaderBytes, parseIpv6, skipIpv6Extensions, writeIpv6 } from './ipv6.ts';
import { ipv6Arbitrary, joined, neverThrows, payloadArbitrary } from './testing/arbitraries.ts';

const source = Uint8Array.from({ length: 16 }, (_, index) => 0x10 + index);
const destination = Uint8Array.from({ length: 16 }, (_, index) => 0x20 + index);

function packet(nextHeader: number, ...payload: readonly Iterable<number>[]): Uint8Array {
  const bytes = joined(...payload);
  return joined(
    [0x60, 0, 0, 0], // version, traffic class, flow label
    [bytes.length >>> 8, bytes.length & 0xff], // payload length
    [nextHeader],
    [64], // hop limit
    source,
    destination,
    bytes,
  );
}

const padding = [1, 4, 0, 0, 0, 0]; // PadN
const data = [7, 7, 7];

describe('parseIpv6', () => {
  it('reads the fields where RFC 8200 has them', () => {
    expect(parseIpv6(packet(17, data))).toEqual({
      source,
      destination,
      protocol: 17,
      hopLimit: 64,
      hasRoutingHeader: false,
      payload: Uint8Array.from(data),
    });
  });

  it('drops padding', () => {
    expect(parseIpv6(joined(packet(6, data), [0, 0]))?.payload).toEqual(Uint8Array.from(data));
  });

  it('skips extension headers', () => {
    const bytes = packet(
      0,
      [43, 0, ...padding], // hop-by-hop options
      [60, 1, 4, 0, ...new Array<number>(12).fill(9)], // routing
      [6, 0, 5, 2, 0, 0, 0, 0], // destination options: one to be skipped, two times Pad1
      data,
    );
    expect(parseIpv6(bytes)).toMatchObject({
      protocol: 6,
      hasRoutingHeader: true,
      payload: Uint8Array.from(data),
    });
  });

  it('reads a fragment, and does not look into it', () => {
    const bytes = packet(0, [44, 0, ...padding], [60, 0, 0, 0x11, 1, 2, 3, 4], data);
    expect(parseIpv6(bytes)).toMatchObject({
      protocol: 60,
      fragment: { offset: 16, more: true, identification: 0x01020304 },
      payload: Uint8Array.from(data),
    });
  });

  it('takes a fragment that is the only one for a whole', () => {
    const bytes = packet(44, [60, 0, 0, 0, 1, 2, 3, 4], [17, 0, ...padding], data);
    const read = parseIpv6(bytes);
    expect(read).toMatchObject({ protocol: 17, payload: Uint8Array.from(data) });
    expect(read).not.toHaveProperty('fragment');
  });

  it('gives no next header as the protocol', () => {
    expect(parseIpv6(packet(59))).toMatchObject({ protocol: 59, payload: new Uint8Array(0) });
  });

  it.each([
    ['hop-by-hop options that come second', packet(60, [0, 0, ...padding], [6, 0, ...padding])],
    ['an extension that is cut', packet(43, [6, 0, 0, 0, 0, 0, 0])],
    ['an extension beyond the packet', packet(43, [6, 1, 0, 0, 0, 0, 0, 0])],
    ['an option beyond its header', packet(60, [6, 0, 1, 5, 0, 0, 0, 0], data)],
    ['an option without length', packet(60, [6, 0, 1, 3, 0, 0, 0, 1], data)],
    ['an option that may not be skipped', packet(0, [6, 0, 0xc2, 4, 0, 1, 0, 0], data)],
    [
      'a fragment beyond the largest payload',
      packet(44, [6, 0, 0xff, 0xf8, 0, 0, 0, 0], padding, data),
    ],
    ['a header that is cut', packet(6).subarray(0, 39)],
    ['a payload that is cut', packet(6, data).subarray(0, 42)],
    ['another version', joined([0x45], packet(6, data).subarray(1))],
  ])('refuses %s', (_, bytes) => {
    expect(parseIpv6(bytes)).toBeUndefined();
  });

  it('takes 8 extension headers and no more', () => {
    const headers = (count: number): number[][] =>
      Array.from({ length: count }, (_, at) => [at === count - 1 ? 6 : 60, 0, ...padding]);
    expect(parseIpv6(packet(60, ...headers(8)))?.protocol).toBe(6);
    expect(parseIpv6(packet(60, ...headers(9)))).toBeUndefined();
  });

  it('throws for no bytes', () => {
    const header = fc.tuple(
      fc.constantFrom(0, 43, 44, 60, 6),
      fc.nat({ max: 2 }),
      fc.uint8Array({ minLength: 6, maxLength: 6 }),
    );
    const packets = fc
      .array(header, { maxLength: 10 })
      .map((headers) =>
        packet(60, ...headers.map(([next, length, rest]) => joined([next, length], rest))),
      );
    neverThrows(packets, parseIpv6);
  });
});

describe('skipIpv6Extensions', () => {
  it('reads what was put together from fragments', () => {
    expect(skipIpv6Extensions(60, joined([17, 0, ...padding], data))).toMatchObject({
      protocol: 17,
      payload: Uint8Array.from(data),
    });
  });
});

describe('writeIpv6', () => {
  it('writes what is read, at any offset', () => {
    const fields = fc.record({
      source: ipv6Arbitrary,
      destination: ipv6Arbitrary,
      protocol: fc.constantFrom(6, 17, 58),
      hopLimit: fc.nat({ max: 255 }),
    });
    fc.assert(
      fc.property(fields, payloadArbitrary, fc.nat({ max: 9 }), (written, payload, offset) => {
        const into = new Uint8Array(offset + ipv6HeaderBytes + payload.length).fill(0xee);
        writeIpv6(into, offset, { ...written, payloadLength: payload.length });
        into.set(payload, offset + ipv6HeaderBytes);
        const read = parseIpv6(into.subarray(offset));
        expect(read).toEqual({ ...written, payload, hasRoutingHeader: false });
      }),
    );
  });
});
