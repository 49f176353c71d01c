import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { etherType, ethernetHeaderBytes, parseEthernet, writeEthernet } from './ethernet.ts';
import { joined, macArbitrary, neverThrows, payloadArbitrary } from './testing/arbitraries.ts';

const bytes = joined(
  [0x52, 0x54, 0, 0, 0, 1], // destination
  [0x52, 0x54, 0, 0, 0, 2], // source
  [0x86, 0xdd], // type: IPv6
  [1, 2, 3], // payload
);

describe('parseEthernet and writeEthernet', () => {
  it('read the fields where RFC 894 has them', () => {
    expect(parseEthernet(bytes)).toEqual({
      destination: Uint8Array.of(0x52, 0x54, 0, 0, 0, 1),
      source: Uint8Array.of(0x52, 0x54, 0, 0, 0, 2),
      type: etherType.ipv6,
      payload: Uint8Array.of(1, 2, 3),
    });
  });

  it('refuse a frame that is too short, and a length in place of a type', () => {
    expect(parseEthernet(bytes.subarray(0, 13))).toBeUndefined();
    const lengthFrame = Uint8Array.from(bytes);
    lengthFrame.set([0x05, 0xdc], 12);
    expect(parseEthernet(lengthFrame)).toBeUndefined();
  });

  it('give back what was written, at any offset, without copying', () => {
    const types = fc.integer({ min: 0x600, max: 0xffff });
    fc.assert(
      fc.property(
        macArbitrary,
        macArbitrary,
        types,
        payloadArbitrary,
        fc.nat({ max: 9 }),
        (destination, source, type, payload, offset) => {
          const into = new Uint8Array(offset + ethernetHeaderBytes + payload.length);
          writeEthernet(into, offset, { destination, source, type });
          into.set(payload, offset + ethernetHeaderBytes);
          const frame = parseEthernet(into.subarray(offset));
          expect(frame).toEqual({ destination, source, type, payload });
          expect(frame?.payload.buffer).toBe(into.buffer);
        },
      ),
    );
  });

  it('throw for no bytes', () => {
    neverThrows(fc.constant(bytes), parseEthernet);
  });
});
