import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildArp, parseArp, type ArpPacket } from './arp.ts';
import { ipv4Arbitrary, joined, macArbitrary, neverThrows } from './testing/arbitraries.ts';

const packetArbitrary: fc.Arbitrary<ArpPacket> = fc.record({
  operation: fc.constantFrom('request', 'reply'),
  senderMac: macArbitrary,
  senderAddress: ipv4Arbitrary,
  targetMac: macArbitrary,
  targetAddress: ipv4Arbitrary,
});

const bytes = joined(
  [0, 1], // hardware: Ethernet
  [8, 0], // protocol: IPv4
  [6, 4], // lengths of addresses
  [0, 2], // operation: reply
  [0x52, 0x54, 0, 0, 0, 1], // sender's hardware address
  [10, 0, 0, 1], // sender's protocol address
  [0x52, 0x54, 0, 0, 0, 2], // target's hardware address
  [10, 0, 0, 2], // target's protocol address
);

describe('parseArp and buildArp', () => {
  it('have the fields where RFC 826 has them', () => {
    const packet: ArpPacket = {
      operation: 'reply',
      senderMac: Uint8Array.of(0x52, 0x54, 0, 0, 0, 1),
      senderAddress: Uint8Array.of(10, 0, 0, 1),
      targetMac: Uint8Array.of(0x52, 0x54, 0, 0, 0, 2),
      targetAddress: Uint8Array.of(10, 0, 0, 2),
    };
    expect(parseArp(bytes)).toEqual(packet);
    expect(buildArp(packet)).toEqual(bytes);
  });

  it('give back what was built, also with padding', () => {
    fc.assert(
      fc.property(packetArbitrary, fc.nat({ max: 18 }), (packet, padding) => {
        expect(parseArp(joined(buildArp(packet), new Uint8Array(padding)))).toEqual(packet);
      }),
    );
  });

  it.each([
    ['another hardware', 1, 6],
    ['another protocol', 3, 1],
    ['another length of a hardware address', 4, 8],
    ['another length of a protocol address', 5, 16],
    ['another operation', 7, 3],
  ])('refuse %s', (_, at, value) => {
    const changed = Uint8Array.from(bytes);
    changed[at] = value;
    expect(parseArp(changed)).toBeUndefined();
  });

  it('refuse a packet that is too short', () => {
    expect(parseArp(bytes.subarray(0, 27))).toBeUndefined();
  });

  it('throw for no bytes', () => {
    neverThrows(packetArbitrary.map(buildArp), parseArp);
  });
});
