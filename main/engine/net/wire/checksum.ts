/**
 * The Internet checksum: RFC 1071. Sums are numbers congruent to the one's-complement sum modulo
 * 0xffff, which pieces add to without folding. Invariant: the machine is little-endian.
 */

/** Below this a view of words costs more than it saves. */
const fewBytes = 128;

/**
 * Adds the big-endian 16-bit words from `start` to `end` to `initial`, an odd tail padded with
 * zero: RFC 1071, section 1. The sum of pieces is that of the whole where each piece but the last
 * has an even length. Not folded; grows by less than 2^17 for a piece of any size.
 */
export function sumWords(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  return end - start < fewBytes
    ? initial + sumBytes(bytes, start, end)
    : initial + sumLongRun(bytes, start, end);
}

/** The 16-bit checksum of a sum, complemented; 0 where what was summed includes a right one. */
export function foldChecksum(sum: number): number {
  return ~fold(sum) & 0xffff;
}

/**
 * Sum of the pseudo header of addresses of 4 (RFC 9293, section 3.1) or 16 bytes (RFC 8200,
 * section 8.1). The two differ in zeros only, so that one layout serves both.
 */
export function pseudoHeaderSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  const addresses = sumWords(
    destination,
    0,
    destination.length,
    sumWords(source, 0, source.length),
  );
  return addresses + protocol + (length >>> 16) + (length & 0xffff);
}

/** What a sum counts as in a whole where its piece begins at an odd offset: RFC 1071, 2 (B). */
export function swapSum(sum: number): number {
  const folded = fold(sum);
  return ((folded & 0xff) << 8) | (folded >>> 8);
}

function fold(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return rest;
}

function sumBytes(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 1 < end; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (at < end) sum += (bytes[at] ?? 0) << 8;
  return sum;
}

/**
 * Sums as the machine reads memory, bytes at odd addresses counting 256 times as much as those at
 * even ones. That is the swapped sum where the run begins at an even address, else the sum.
 */
function sumLongRun(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes.byteOffset + start;
  const last = bytes.byteOffset + end;
  const wordsFrom = (first + 3) & ~3;
  const wordCount = (last - wordsFrom) >>> 2;
  let sum = sumWords32(new Uint32Array(bytes.buffer, wordsFrom, wordCount));
  for (let at = first; at < wordsFrom; at++) {
    sum += (bytes[at - bytes.byteOffset] ?? 0) << ((at & 1) * 8);
  }
  for (let at = wordsFrom + wordCount * 4; at < last; at++) {
    sum += (bytes[at - bytes.byteOffset] ?? 0) << ((at & 1) * 8);
  }
  return (first & 1) === 0 ? swapSum(sum) : fold(sum);
}

/** Four sums, so that one addition need not wait for another. Exact up to 2^21 words. */
function sumWords32(words: Uint32Array): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const even = words.length & ~3;
  for (let at = 0; at < even; at += 4) {
    sum0 += words[at] ?? 0;
    sum1 += words[at + 1] ?? 0;
    sum2 += words[at + 2] ?? 0;
    sum3 += words[at + 3] ?? 0;
  }
  for (let at = even; at < words.length; at++) sum0 += words[at] ?? 0;
  return sum0 + sum1 + sum2 + sum3;
}
