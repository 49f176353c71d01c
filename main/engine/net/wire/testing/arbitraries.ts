/** Bytes that tests of the wire begin with. */
import fc from 'fast-check';

/** The bytes of pieces one after another. */
export function joined(...pieces: readonly Iterable<number>[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => Array.from(piece)));
}

/** Bytes of a text of Latin-1 characters. */
export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** An address of 4 bytes. */
export const ipv4Arbitrary = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** An address of 16 bytes. */
export const ipv6Arbitrary = fc.uint8Array({ minLength: 16, maxLength: 16 });
/** Two addresses of one family. */
export const addressPairArbitrary = fc.oneof(
  fc.tuple(ipv4Arbitrary, ipv4Arbitrary),
  fc.tuple(ipv6Arbitrary, ipv6Arbitrary),
);
/** A hardware address. */
export const macArbitrary = fc.uint8Array({ minLength: 6, maxLength: 6 });
/** A number of 16 bits. */
export const uint16Arbitrary = fc.integer({ min: 0, max: 0xffff });
/** A number of 32 bits. */
export const uint32Arbitrary = fc.integer({ min: 0, max: 0xffff_ffff });
/** A payload, of an odd length as often as not. */
export const payloadArbitrary = fc.uint8Array({ maxLength: 200 });

/** Bytes that are almost right: some of them changed, or cut. */
export function almost(arbitrary: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 });
  return fc.tuple(arbitrary, changes, fc.nat()).map(([bytes, changed, cut]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of changed) {
      if (copy.length > 0) copy[at % copy.length] = value;
    }
    return cut % 3 === 0 ? copy.subarray(0, cut % (copy.length + 1)) : copy;
  });
}

/** Runs `parse` on bytes of any kind; what it throws fails the test. */
export function neverThrows(
  valid: fc.Arbitrary<Uint8Array>,
  parse: (bytes: Uint8Array) => unknown,
): void {
  const any = fc.oneof(almost(valid), fc.uint8Array({ maxLength: 300 }));
  fc.assert(
    fc.property(any, (bytes) => {
      parse(bytes);
    }),
    { numRuns: 1000 },
  );
}
