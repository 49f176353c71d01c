/** A stream of bytes that both ends know: 32-bit word k is k times a constant. network-probe.c has it, too. */
import { createHash } from 'node:crypto';

/** Size of a part; the whole is a multiple of it. */
export const partBytes = 1024 * 1024;

/** A part of the stream, from an offset that is a multiple of 4. */
export function partAt(offset: number): Buffer {
  const words = new Uint32Array(partBytes / 4);
  for (let index = 0; index < words.length; index += 1) {
    words[index] = Math.imul(offset / 4 + index, 2_654_435_761);
  }
  return Buffer.from(words.buffer);
}

/** MD5 of the beginning of the stream, in hexadecimal. */
export function digestOf(byteCount: number): string {
  const hash = createHash('md5');
  for (let at = 0; at < byteCount; at += partBytes) {
    hash.update(partAt(at).subarray(0, byteCount - at));
  }
  return hash.digest('hex');
}
