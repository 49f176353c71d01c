/**
 * How much of a terminal's output was handed on, drawn and used, and what the guest may therefore
 * send. Pure: it counts, and says what is to be acknowledged.
 */

/** See the head of this file. */
export class OutputAccount {
  /** Bytes that the mirror and the clients were given. */
  handed = 0;
  /** Of those, what the mirror has drawn. */
  parsed = 0;
  readonly #acknowledge: (byteCount: number) => void;
  /** Pieces of the guest that are not acknowledged: used once so much was used of what was handed on. */
  readonly #owed: { readonly handed: number; readonly byteCount: number }[] = [];

  constructor(acknowledge: (byteCount: number) => void) {
    this.#acknowledge = acknowledge;
  }

  /** The guest has sent so much, and all of it that is news was handed on. */
  received(byteCount: number): void {
    this.#owed.push({ handed: this.handed, byteCount });
  }

  /** The guest counts from zero again. */
  restart(): void {
    this.#owed.length = 0;
  }

  /** Up to here it was used. */
  settle(used: number): void {
    let byteCount = 0;
    let count = 0;
    for (const piece of this.#owed) {
      if (piece.handed > used) break;
      byteCount += piece.byteCount;
      count += 1;
    }
    this.#owed.splice(0, count);
    if (byteCount > 0) this.#acknowledge(byteCount);
  }
}
