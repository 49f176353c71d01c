import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldChecksum, pseudoHeaderSum, sumWords, swapSum } from './checksum.ts';
import { addressPairArbitrary, uint16Arbitrary } from './testing/arbitraries.ts';

/** RFC 1071, section 4.1, word by word. */
function naive(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum = (sum & 0xffff) + 1;
  }
  return ~sum & 0xffff;
}

describe('sumWords', () => {
  it('sums the example of RFC 1071, section 3', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(foldChecksum(sumWords(bytes, 0, bytes.length))).toBe(~0xddf2 & 0xffff);
  });

  it('agrees with a sum word by word, at every alignment of start, end and view', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 300, maxLength: 400 }),
        fc.nat({ max: 7 }),
        fc.nat({ max: 9 }),
        fc.nat({ max: 300 }),
        (bytes, viewAt, start, length) => {
          const view = bytes.subarray(viewAt);
          const end = Math.min(start + length, view.length);
          expect(foldChecksum(sumWords(view, start, end))).toBe(naive(view.slice(start, end)));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('keeps apart nothing but zeros and all ones', () => {
    expect(foldChecksum(sumWords(new Uint8Array(1000), 0, 1000))).toBe(0xffff);
    expect(foldChecksum(sumWords(new Uint8Array(1000).fill(255), 0, 1000))).toBe(0);
  });

  it('is exact for 64 KiB of ones at any alignment', () => {
    const bytes = new Uint8Array(65_600).fill(255);
    for (let start = 0; start < 8; start++) {
      const odd = start + 65_535;
      expect(foldChecksum(sumWords(bytes, start, odd))).toBe(naive(bytes.subarray(start, odd)));
    }
  });

  it('sums pieces to the sum of the whole, those at odd offsets swapped', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 })), (pieces) => {
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        let sum = 0;
        let offset = 0;
        for (const piece of pieces) {
          const pieceSum = sumWords(piece, 0, piece.length);
          sum += offset % 2 === 0 ? pieceSum : swapSum(pieceSum);
          offset += piece.length;
        }
        expect(foldChecksum(sum)).toBe(naive(whole));
      }),
    );
  });

  it('goes on from a sum', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => index * 7);
    const sum = sumWords(bytes, 100, 200, sumWords(bytes, 0, 100, 0xffff_ffff));
    expect(foldChecksum(sum)).toBe(naive(bytes));
  });
});

describe('foldChecksum', () => {
  it('folds sums of more than 32 bits', () => {
    expect(foldChecksum(0)).toBe(0xffff);
    expect(foldChecksum(0x1_0000_0000_0001)).toBe(0xfffd);
    expect(foldChecksum(2 ** 52)).toBe(~0x10 & 0xffff);
  });
});

describe('pseudoHeaderSum', () => {
  it('is the sum of the pseudo header as bytes', () => {
    fc.assert(
      fc.property(
        addressPairArbitrary,
        fc.nat({ max: 255 }),
        uint16Arbitrary,
        ([source, destination], protocol, length) => {
          const header =
            source.length === 4
              ? [0, protocol, length >>> 8, length & 0xff]
              : [0, 0, length >>> 8, length & 0xff, 0, 0, 0, protocol];
          const bytes = Uint8Array.from([...source, ...destination, ...header]);
          const sum = pseudoHeaderSum(source, destination, protocol, length);
          expect(foldChecksum(sum)).toBe(naive(bytes));
        },
      ),
    );
  });
});
