/** Bytes that were sent or are to be sent, until they are acknowledged. Pure. */

/** Pieces up to this size are copied together, so that many of them cost no more than their bytes. */
const smallBytes = 4096;
const blockBytes = 16 * 1024;

/** See the head of this file. Large pieces are kept as they are given and must not change. */
export class SendQueue {
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that are acknowledged already. */
  #offset = 0;
  #byteCount = 0;
  /** The block that small pieces go into: its last chunk is the part that is used. */
  #block: Uint8Array | undefined;
  #blockUsed = 0;

  get byteCount(): number {
    return this.#byteCount;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#byteCount += bytes.length;
    if (bytes.length > smallBytes) {
      this.#chunks.push(bytes);
      this.#block = undefined;
      return;
    }
    if (this.#block === undefined || this.#blockUsed + bytes.length > blockBytes) {
      this.#block = new Uint8Array(blockBytes);
      this.#blockUsed = 0;
      this.#chunks.push(this.#block.subarray(0, 0));
    }
    const start = this.#blockUsed - (this.#chunks.at(-1)?.length ?? 0);
    this.#block.set(bytes, this.#blockUsed);
    this.#blockUsed += bytes.length;
    this.#chunks[this.#chunks.length - 1] = this.#block.subarray(start, this.#blockUsed);
  }

  /** Forgets bytes at the beginning. */
  drop(byteCount: number): void {
    this.#byteCount -= byteCount;
    let left = byteCount + this.#offset;
    let whole = 0;
    for (const chunk of this.#chunks) {
      if (chunk.length > left) break;
      left -= chunk.length;
      whole += 1;
    }
    if (whole > 0) this.#chunks.splice(0, whole);
    if (this.#chunks.length === 0) this.#block = undefined;
    this.#offset = left;
  }

  /** The bytes from `start` on, as the pieces they lie in. */
  slice(start: number, byteCount: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let skip = start + this.#offset;
    let left = byteCount;
    for (const chunk of this.#chunks) {
      if (left === 0) break;
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      const piece = chunk.subarray(skip, Math.min(chunk.length, skip + left));
      pieces.push(piece);
      left -= piece.length;
      skip = 0;
    }
    return pieces;
  }

  clear(): void {
    this.#chunks = [];
    this.#block = undefined;
    this.#offset = 0;
    this.#byteCount = 0;
  }
}
