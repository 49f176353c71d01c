/** The receiving half of a connection: what is taken, what is offered, what is acknowledged. Pure. */
import { ReceiveQueue } from './receive-queue.ts';
import { advance, distance, isBefore } from './sequence.ts';

/** Our windows are told in units of 2^7 bytes. */
export const windowShift = 7;

/** What came of a segment's payload. */
export interface Received {
  readonly pieces: readonly Uint8Array[];
  /** The peer's last byte is here. */
  readonly isEnded: boolean;
  /** Something is missing or was here before: the peer is to hear it at once. */
  readonly isIrregular: boolean;
}

/** See the head of this file. */
export class Receiver {
  readonly #queue: ReceiveQueue;
  /** Bytes that were handed on and not used yet. */
  #unused = 0;
  #limitBytes: number;
  /** The furthest sequence number that was offered; it never moves back. */
  #edge: number;
  #finAt: number | undefined;
  #isEnded = false;
  /** The window that the peer knows. */
  #toldBytes = 0;

  /** @param next sequence number after the peer's SYN */
  constructor(next: number, limitBytes: number) {
    this.#queue = new ReceiveQueue(next);
    this.#limitBytes = limitBytes;
    this.#edge = next;
  }

  /** What is acknowledged. */
  get next(): number {
    return this.#isEnded ? advance(this.#queue.next, 1) : this.#queue.next;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether a segment has a place in what is offered, or ends right before it. */
  accepts(sequence: number, length: number): boolean {
    const end = advance(sequence, length);
    if (isBefore(this.#edge, sequence)) return false;
    return length === 0 ? !isBefore(sequence, this.next) : isBefore(this.next, end);
  }

  take(sequence: number, payload: Uint8Array, hasFin: boolean): Received {
    const before = this.#queue.next;
    const room = Math.max(0, distance(sequence, this.#edge));
    const usable = payload.length > room ? payload.subarray(0, room) : payload;
    if (hasFin && usable.length === payload.length) {
      this.#finAt ??= advance(sequence, payload.length);
    }
    const pieces = usable.length === 0 ? [] : this.#cut(this.#queue.add(sequence, usable));
    for (const piece of pieces) this.#unused += piece.length;
    const isEnded = !this.#isEnded && this.#finAt === this.#queue.next;
    if (isEnded) this.#isEnded = true;
    const isIrregular = sequence !== before || this.#queue.hasGap || usable !== payload;
    return { pieces, isEnded, isIrregular };
  }

  /** What was handed on is used: there is room again. Whether the peer should hear of it now. */
  use(byteCount: number): boolean {
    this.#unused -= byteCount;
    const now = this.#roomBytes();
    // RFC 9293, section 3.8.6.2.2: not for a few bytes.
    return now - this.#leftOfTold() >= Math.min(this.#limitBytes / 2, 128 * 1024);
  }

  /** For later offers; what was offered stays offered. */
  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
  }

  /** The window to tell, unscaled bytes; to be called as a segment is sent. */
  offer(): number {
    const unit = 2 ** windowShift;
    const bytes = Math.floor(this.#roomBytes() / unit) * unit;
    this.#edge = advance(this.#queue.next, Math.max(bytes, this.#leftOfTold()));
    this.#toldBytes = distance(this.#queue.next, this.#edge);
    return this.#toldBytes;
  }

  /** Nothing comes behind the end of the stream. */
  #cut(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
    return this.#isEnded ? [] : pieces;
  }

  #roomBytes(): number {
    return Math.min(Math.max(0, this.#limitBytes - this.#unused), 65_535 * 2 ** windowShift);
  }

  #leftOfTold(): number {
    return Math.max(0, distance(this.#queue.next, this.#edge));
  }
}
