/**
 * The output of a terminal as long as there is little of it. While it is whole it is the best there
 * is to begin a screen with: nothing is drawn that the program has not drawn. Pure.
 */

const maxBytes = 32 * 1024;

/** See the head of this file. */
export class FirstOutput {
  #parts: Uint8Array[] | undefined = [];
  #byteCount = 0;

  /** All of it, or undefined where it is not whole or has been drawn at several sizes. */
  get bytes(): Uint8Array | undefined {
    return this.#parts === undefined ? undefined : Buffer.concat(this.#parts);
  }

  push(bytes: Uint8Array): void {
    this.#byteCount += bytes.length;
    if (this.#byteCount > maxBytes) this.spoil();
    // A copy: the rest of what it came in is not kept for it.
    else this.#parts?.push(Uint8Array.from(bytes));
  }

  /** Something has happened that the bytes do not say. */
  spoil(): void {
    this.#parts = undefined;
  }

  get isEmpty(): boolean {
    return this.#byteCount === 0;
  }
}
