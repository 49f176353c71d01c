/**
 * Pieces that were sent and not used yet, the oldest first, where the other side says in bytes how
 * far it has come. Pure.
 */
export class PiecesAhead {
  readonly #lengths: number[] = [];
  #byteCount = 0;

  /** Pieces of which something is not used yet. */
  get count(): number {
    return this.#lengths.length;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** A piece was sent; an empty one is never waited for. */
  sent(byteCount: number): void {
    if (byteCount === 0) return;
    this.#lengths.push(byteCount);
    this.#byteCount += byteCount;
  }

  /** The other side has used so many bytes more. False, and nothing done, where that is too many. */
  used(byteCount: number): boolean {
    if (byteCount > this.#byteCount) return false;
    this.#byteCount -= byteCount;
    let left = byteCount;
    while (left > 0) {
      const oldest = this.#lengths[0] ?? 0;
      if (oldest > left) this.#lengths[0] = oldest - left;
      else this.#lengths.shift();
      left -= Math.min(left, oldest);
    }
    return true;
  }
}
