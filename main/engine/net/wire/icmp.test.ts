import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildEchoReply,
  buildEchoRequest,
  buildUnreachable,
  parseIcmp,
  unreachableCode,
} from './icmp.ts';
import { joined, neverThrows, payloadArbitrary, uint16Arbitrary } from './testing/arbitraries.ts';

const echoArbitrary = fc.record({
  identifier: uint16Arbitrary,
  sequence: uint16Arbitrary,
  data: payloadArbitrary,
});

const bytes = joined(
  [8], // type: echo
  [0], // code
  [0xdd, 0xc8], // checksum: 0800 + 1234 + 0001 + 0102 + 0700, complemented
  [0x12, 0x34], // identifier
  [0, 1], // sequence
  [1, 2, 7], // data
);

describe('parseIcmp', () => {
  it('reads the fields where RFC 792 has them', () => {
    expect(parseIcmp(bytes)).toEqual({
      kind: 'echo-request',
      identifier: 0x1234,
      sequence: 1,
      data: Uint8Array.of(1, 2, 7),
    });
  });

  it('refuses a wrong checksum and a message that is cut', () => {
    const changed = Uint8Array.from(bytes);
    changed[5] = 0x35;
    expect(parseIcmp(changed)).toBeUndefined();
    expect(parseIcmp(Uint8Array.of(8, 0, 0xf7, 0xff, 0, 0, 0))).toBeUndefined();
  });

  it('gives other messages by type and code', () => {
    expect(parseIcmp(Uint8Array.of(13, 0, 0xf2, 0xff, 0, 0, 0, 0))).toEqual({
      kind: 'other',
      type: 13,
      code: 0,
    });
    expect(parseIcmp(Uint8Array.of(8, 1, 0xf7, 0xfe, 0, 0, 0, 0))).toEqual({
      kind: 'other',
      type: 8,
      code: 1,
    });
  });

  it('gives back the echoes that were built', () => {
    fc.assert(
      fc.property(echoArbitrary, (echo) => {
        expect(parseIcmp(buildEchoReply(echo))).toEqual({ kind: 'echo-reply', ...echo });
        expect(parseIcmp(buildEchoRequest(echo))).toEqual({ kind: 'echo-request', ...echo });
      }),
    );
  });

  it('throws for no bytes', () => {
    neverThrows(echoArbitrary.map(buildEchoReply), parseIcmp);
  });
});

describe('buildUnreachable', () => {
  it('quotes the header of the original with its options, and 8 bytes', () => {
    const original = joined([0x46], new Uint8Array(23).fill(1), new Uint8Array(100).fill(2));
    const { administratively } = unreachableCode;
    const built = buildUnreachable({ code: administratively, original });
    expect(parseIcmp(built)).toEqual({ kind: 'other', type: 3, code: 13 });
    expect(built.subarray(4)).toEqual(joined([0, 0, 0, 0], original.subarray(0, 32)));
  });

  it('says the MTU of the next hop', () => {
    const original = new Uint8Array(20);
    const code = unreachableCode.fragmentationNeeded;
    const built = buildUnreachable({ code, original, nextHopMtu: 1400 });
    expect([...built.subarray(4, 8)]).toEqual([0, 0, 1400 >>> 8, 1400 & 0xff]);
    expect(parseIcmp(built)).toBeDefined();
  });

  it('is never too long, whatever the original', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (original) => {
        const built = buildUnreachable({ code: 1, original });
        expect(built.length).toBeLessThanOrEqual(576);
        expect(parseIcmp(built)).toBeDefined();
      }),
    );
  });
});
