import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { write16 } from './bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import { parseTcp, tcpFlag, tcpHeaderLength, writeTcp, type TcpHeader } from './tcp.ts';
import {
  addressPairArbitrary,
  joined,
  neverThrows,
  uint16Arbitrary,
  uint32Arbitrary,
} from './testing/arbitraries.ts';

const source = Uint8Array.of(10, 0, 0, 1);
const destination = Uint8Array.of(10, 0, 0, 2);

const headerArbitrary: fc.Arbitrary<TcpHeader> = fc.record(
  {
    sourcePort: uint16Arbitrary,
    destinationPort: uint16Arbitrary,
    sequence: uint32Arbitrary,
    acknowledgment: uint32Arbitrary,
    flags: fc.nat({ max: 255 }),
    window: uint16Arbitrary,
    urgentPointer: uint16Arbitrary,
    mss: uint16Arbitrary,
    windowScale: fc.nat({ max: 14 }),
  },
  {
    requiredKeys: [
      'sourcePort',
      'destinationPort',
      'sequence',
      'acknowledgment',
      'flags',
      'window',
      'urgentPointer',
    ],
  },
);

function sealed(bytes: Uint8Array): Uint8Array {
  write16(bytes, 16, 0);
  const pseudo = pseudoHeaderSum(source, destination, 6, bytes.length);
  write16(bytes, 16, foldChecksum(sumWords(bytes, 0, bytes.length, pseudo)));
  return bytes;
}

function segment(options: readonly number[] = [], payload: readonly number[] = []): Uint8Array {
  return sealed(
    joined(
      [0x12, 0x34], // source port
      [0, 80], // destination port
      [0xff, 0, 0, 1], // sequence
      [0xfe, 0, 0, 2], // acknowledgment
      [(20 + options.length) << 2], // data offset
      [0x12], // SYN, ACK
      [0xfa, 0xf0], // window
      [0, 0], // checksum
      [0, 3], // urgent pointer
      options,
      payload,
    ),
  );
}

const parse = (bytes: Uint8Array) => parseTcp(bytes, source, destination);

describe('parseTcp', () => {
  it('reads the fields where RFC 9293 has them', () => {
    const options = [2, 4, 0x05, 0xb4, 1, 3, 3, 7]; // MSS 1460, no operation, window scale 7
    expect(parse(segment(options, [9]))).toEqual({
      sourcePort: 0x1234,
      destinationPort: 80,
      sequence: 0xff00_0001,
      acknowledgment: 0xfe00_0002,
      flags: tcpFlag.syn | tcpFlag.ack,
      window: 64_240,
      urgentPointer: 3,
      mss: 1460,
      windowScale: 7,
      payload: Uint8Array.of(9),
    });
  });

  it.each([
    ['skips those it does not know', [4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2], {}],
    ['stops at the end', [0, 2, 1, 1], {}],
    ['takes a scale beyond 14 for 14', [3, 3, 200, 0], { windowScale: 14 }],
  ])('reads options: %s', (_, options, found) => {
    const { mss, windowScale } = parse(segment(options)) ?? { mss: -1 };
    expect({ mss, windowScale }).toEqual({ mss: undefined, windowScale: undefined, ...found });
  });

  it.each([
    ['an option of no length', segment([4, 0, 1, 1])],
    ['an option of length 1', segment([4, 1, 1, 1])],
    ['an option beyond the header', segment([8, 10, 0, 0], [0, 0, 0, 0, 0, 0])],
    ['an option without its length', segment([1, 1, 1, 4], [2])],
    ['an MSS of another length', segment([2, 3, 1, 0])],
    ['a window scale of another length', segment([3, 4, 1, 0])],
    ['a cut header', segment().subarray(0, 19)],
    ['options that are cut', sealed(segment([1, 1, 1, 1]).slice(0, 22))],
    ['a data offset below the header', sealed(segment().fill(0x40, 12, 13))],
    ['a wrong checksum', segment().fill(0x11, 13, 14)],
  ])('refuses %s', (_, bytes) => {
    expect(parse(bytes)).toBeUndefined();
  });

  it('throws for no bytes', () => {
    const options = fc.uint8Array({ minLength: 12, maxLength: 12 });
    neverThrows(
      options.map((bytes) => segment([...bytes], [1, 2, 3])),
      (bytes) => parse(bytes.length < 18 ? bytes : sealed(Uint8Array.from(bytes))),
    );
  });
});

describe('writeTcp', () => {
  it('writes headers that are read, the payload in pieces of any length', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        headerArbitrary,
        addressPairArbitrary,
        pieces,
        fc.nat({ max: 9 }),
        (header, [from, to], payload, offset) => {
          const into = new Uint8Array(offset + 28).fill(0xee);
          const written = writeTcp(into, offset, header, from, to, payload);
          expect(written).toBe(tcpHeaderLength(header));
          const bytes = joined(into.subarray(offset, offset + written), ...payload);
          const read = parseTcp(bytes, from, to);
          expect(read).toEqual({ ...header, payload: joined(...payload) });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes as many bytes as the options need', () => {
    expect(tcpHeaderLength({})).toBe(20);
    expect(tcpHeaderLength({ mss: 1 })).toBe(24);
    expect(tcpHeaderLength({ windowScale: 0 })).toBe(24);
    expect(tcpHeaderLength({ mss: 1, windowScale: 0 })).toBe(28);
  });
});
