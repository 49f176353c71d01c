/** Reads what ByteWriter wrote. Every call throws RangeError where the bytes cannot be that. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A whole number of at most `max`. */
  number(max: number): number {
    let value = 0;
    let unit = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
      if (byte < 0x80) {
        if (value > max) throw new RangeError(`${String(value)} is more than ${String(max)}.`);
        return value;
      }
    }
    throw new RangeError('A number does not end.');
  }

  signed(): number {
    const negative = this.number(1) === 1;
    const value = this.number(Number.MAX_SAFE_INTEGER);
    return negative ? -value : value;
  }

  text(maxBytes: number): string {
    const part = this.data(maxBytes);
    return part.toString('latin1', 0, part.length);
  }

  /** A view of the bytes. */
  data(maxBytes: number): Buffer {
    const length = this.number(maxBytes);
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length !== length) throw new RangeError('The bytes end too early.');
    this.#at += length;
    return part;
  }
}
