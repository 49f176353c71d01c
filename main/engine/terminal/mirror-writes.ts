/**
 * What is written to one mirror, on its way to the thread: a piece goes at once as long as the
 * thread has little to do for this mirror; others are gathered and go together. So a flood of small
 * pieces costs few messages, and stands in the way of no other terminal. Pure.
 */
import { PiecesAhead } from '../base/pieces-ahead.ts';

/** Messages on their way for one mirror: one that is worked on, and the next. */
const maxAhead = 2;
/** Pieces that are gathered; each of them is parsed by itself. */
const maxPieces = 1024;

/** Pieces in one buffer of their own, and how long each is. */
export interface WriteBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
}

/** See the head of this file. The owner flushes before anything else that is asked of the mirror. */
export class MirrorWrites {
  readonly #post: (batch: WriteBatch) => void;
  #held: Uint8Array[] = [];
  readonly #ahead = new PiecesAhead();

  constructor(post: (batch: WriteBatch) => void) {
    this.#post = post;
  }

  write(piece: Uint8Array): void {
    this.#held.push(piece);
    if (this.#ahead.count < maxAhead || this.#held.length >= maxPieces) this.flush();
  }

  /** The thread has taken so many bytes more. */
  parsed(byteCount: number): void {
    this.#ahead.used(byteCount);
    if (this.#ahead.count < maxAhead) this.flush();
  }

  /** Sends what is held. */
  flush(): void {
    if (this.#held.length === 0) return;
    const lengths = this.#held.map(({ length }) => length);
    const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let offset = 0;
    for (const piece of this.#held) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    this.#held = [];
    this.#ahead.sent(bytes.length);
    this.#post({ bytes, lengths });
  }
}
