/** Numbers that look random and are the same for the same seed. */

/** See the head of this file. */
export interface RandomSource {
  /** 32 bits. */
  word(): number;
  /** From 0 to `end`, without `end`. */
  below(end: number): number;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** The generator "mulberry32". */
export function randomSource(seed: number): RandomSource {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (end: number): number => Math.floor((word() / 2 ** 32) * end);
  return {
    word,
    below,
    pick: (from) => {
      if (from.length === 0) throw new Error('There is nothing to pick from.');
      return from[below(from.length)] as (typeof from)[number];
    },
    bytes: (length) => {
      const words = Uint32Array.from({ length: Math.ceil(length / 4) }, word);
      return new Uint8Array(words.buffer, 0, length);
    },
  };
}
