/** Which part of a session's output is a repetition of what was seen before. Pure. */

/** Counts what was received and what was drawn. */
export class ReplayWindow {
  #receivedBytes = 0;
  #drawnBytes = 0;
  #from = 0;
  #until = 0;

  /** The next bytes that are received are a repetition. */
  begin(replayBytes: number): void {
    this.#from = this.#receivedBytes;
    this.#until = this.#receivedBytes + replayBytes;
  }

  /** Takes output, in pieces of which each is wholly a repetition or wholly new. */
  receive(bytes: Uint8Array): readonly Uint8Array[] {
    const left = this.#until - this.#receivedBytes;
    this.#receivedBytes += bytes.length;
    if (left <= 0 || left >= bytes.length) return [bytes];
    return [bytes.subarray(0, left), bytes.subarray(left)];
  }

  /** A piece is on the screen. */
  draw(byteCount: number): void {
    this.#drawnBytes += byteCount;
  }

  /** Whether what is drawn now is a repetition: what the screen answers to it is of no use. */
  get isDrawing(): boolean {
    return this.#drawnBytes >= this.#from && this.#drawnBytes < this.#until;
  }
}
