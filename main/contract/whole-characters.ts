/**
 * UTF-8 in pieces that cut no character. xterm.js loses a character whose bytes come in two pieces
 * where the last one of the first piece is 0x80, as in each of U+2000 to U+203F: dashes, quotation
 * marks, the joiner of emoji. Pure.
 */

/** How many bytes from the beginning are whole characters, or none at all. */
function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Bytes that a character has which begins with this one. */
function lengthOf(first: number): number {
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Holds back what a piece cuts off until the next one comes; at most 3 bytes. */
export class WholeCharacters {
  #rest: Uint8Array = new Uint8Array();

  /** What is held back. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  /** The whole characters that have come; the same array where nothing was and is held back. */
  push(piece: Uint8Array): Uint8Array {
    const all = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const length = wholeLength(all);
    // A copy: the memory of a piece may be used again.
    this.#rest = Uint8Array.from(all.subarray(length));
    return all.subarray(0, length);
  }

  /** Takes what is held back: nothing follows, or nothing that belongs to it. */
  take(): Uint8Array {
    const rest = this.#rest;
    this.#rest = new Uint8Array();
    return rest;
  }
}

/** Cuts bytes into pieces of at most `maxBytes` (at least 4) that cut no character. */
export function* cutCharacters(bytes: Uint8Array, maxBytes: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + maxBytes);
    const isLast = at + piece.length === bytes.length;
    const length = isLast ? piece.length : wholeLength(piece) || piece.length;
    yield piece.subarray(0, length);
    at += length;
  }
}
