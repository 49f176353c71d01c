import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCharacters, WholeCharacters } from './whole-characters.ts';

const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((written) => !written.includes('\ufffd'));
const utf8 = new TextEncoder();
const isWhole = (bytes: Uint8Array): boolean =>
  !new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).includes('\ufffd');
const joined = (pieces: readonly Uint8Array[]): number[] => pieces.flatMap((piece) => [...piece]);

describe('WholeCharacters', () => {
  it('gives all bytes in order, and characters whole', () => {
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 5 })), (written, sizes) => {
        const bytes = utf8.encode(written);
        const characters = new WholeCharacters();
        const given: Uint8Array[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          given.push(characters.push(bytes.subarray(at, at + size)));
          at += size;
        }
        for (const piece of given) expect(isWhole(piece)).toBe(true);
        expect(joined(given)).toEqual([...bytes]);
        expect(characters.take()).toHaveLength(0);
      }),
    );
  });

  it('holds back no more than three bytes, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 6 })), (pieces) => {
        const characters = new WholeCharacters();
        const given = pieces.map((piece) => characters.push(piece));
        expect(characters.rest.length).toBeLessThanOrEqual(3);
        expect(joined([...given, characters.take()])).toEqual(joined(pieces));
      }),
    );
  });
});

describe('cutCharacters', () => {
  it('cuts into small pieces that are whole', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 9 }), (written, maxBytes) => {
        const bytes = utf8.encode(written);
        const pieces = [...cutCharacters(bytes, maxBytes)];
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(maxBytes);
          expect(isWhole(piece)).toBe(true);
        }
        expect(joined(pieces)).toEqual([...bytes]);
      }),
    );
  });
});
