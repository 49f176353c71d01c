/** Pieces of a byte stream that come in any order, as often as they like. Pure. */
import { advance, distance } from './sequence.ts';

/** Gaps that are kept open at once; a peer that makes more of them sends again. */
const maxPieces = 64;

interface Piece {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts a stream together. What came first of a place stays, so that a later copy with other bytes
 * changes nothing.
 */
export class ReceiveQueue {
  #next: number;
  /** Beyond the next byte, in order, without overlaps. */
  #pieces: Piece[] = [];

  /** @param next sequence number of the first byte */
  constructor(next: number) {
    this.#next = next;
  }

  /** Sequence number of the byte that the stream waits for. */
  get next(): number {
    return this.#next;
  }

  /** Whether something waits for what is missing before it. */
  get hasGap(): boolean {
    return this.#pieces.length > 0;
  }

  /**
   * Takes a piece, which lies within the window of the caller, and returns what is in order now.
   * What waits is copied, so that it holds no more memory than its length.
   */
  add(sequence: number, bytes: Uint8Array): readonly Uint8Array[] {
    const behind = distance(sequence, this.#next);
    if (behind >= bytes.length) return [];
    if (behind >= 0 && this.#pieces.length === 0) {
      const fresh = behind === 0 ? bytes : bytes.subarray(behind);
      this.#next = advance(this.#next, fresh.length);
      return [fresh];
    }
    if (behind > 0) this.#insert(this.#next, bytes.subarray(behind));
    else this.#insert(sequence, bytes);
    return this.#take();
  }

  /** Only the parts that no piece has yet. */
  #insert(sequence: number, bytes: Uint8Array): void {
    let at = sequence;
    let rest = bytes;
    const merged: Piece[] = [];
    const put = (piece: Uint8Array): void => {
      if (piece.length > 0) merged.push({ sequence: at, bytes: piece.slice() });
    };
    for (const piece of this.#pieces) {
      const before = distance(at, piece.sequence);
      if (before > 0 && rest.length > 0) {
        const head = rest.subarray(0, before);
        put(head);
        at = advance(at, head.length);
        rest = rest.subarray(head.length);
      }
      merged.push(piece);
      const covered = distance(at, advance(piece.sequence, piece.bytes.length));
      if (covered > 0 && distance(at, piece.sequence) <= 0) {
        at = advance(at, Math.min(covered, rest.length));
        rest = rest.subarray(covered);
      }
    }
    put(rest);
    if (merged.length <= maxPieces) {
      this.#pieces = merged;
    } else if (sequence === this.#next) {
      // What is in order has to be taken all the same; the furthest pieces make way for it.
      this.#pieces = merged.slice(0, maxPieces);
    }
  }

  #take(): Uint8Array[] {
    const ready: Uint8Array[] = [];
    for (;;) {
      const [first] = this.#pieces;
      if (first?.sequence !== this.#next) return ready;
      ready.push(first.bytes);
      this.#next = advance(this.#next, first.bytes.length);
      this.#pieces.shift();
    }
  }
}
