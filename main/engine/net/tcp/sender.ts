/** The sending half of a connection: what is under way, what the peer takes, what is sent again. Pure. */
import { Retransmission } from './retransmission.ts';
import { SendQueue } from './send-queue.ts';
import { advance, distance, isBefore } from './sequence.ts';

/** What may be sent next. */
export interface Outgoing {
  readonly sequence: number;
  readonly payload: readonly Uint8Array[];
  readonly isFin: boolean;
  /** Nothing more waits to be sent. */
  readonly isLast: boolean;
}

/** RFC 5681, section 3.2. */
const duplicatesForRetransmission = 3;

/** See the head of this file. Begins behind the SYN. */
export class Sender {
  readonly queue = new SendQueue();
  readonly timer = new Retransmission();
  /** First byte that is not acknowledged; `queue` begins here. */
  #unacknowledged: number;
  /** Next byte to send; it goes back where something is sent again. */
  #next: number;
  /** Behind the furthest byte that was ever sent. */
  #furthest: number;
  #windowBytes = 0;
  #largestWindowBytes = 0;
  #windowFrom = { sequence: 0, acknowledgment: 0 };
  #hasWindow = false;
  #isFinQueued = false;
  #isFinAcknowledged = false;
  #duplicates = 0;
  /** After a loss: how much may be under way. */
  #congestionBytes = Infinity;
  readonly #mss: number;

  constructor(next: number, mss: number) {
    this.#unacknowledged = this.#next = this.#furthest = next;
    this.#mss = mss;
  }

  get furthest(): number {
    return this.#furthest;
  }

  /** For a segment without bytes: behind everything that was sent, within what the peer takes. */
  get acceptable(): number {
    const edge = advance(this.#unacknowledged, this.#windowBytes);
    return isBefore(edge, this.#furthest) ? edge : this.#furthest;
  }

  get isFinAcknowledged(): boolean {
    return this.#isFinAcknowledged;
  }

  get isFinQueued(): boolean {
    return this.#isFinQueued;
  }

  /** Queues the end of the stream. */
  finish(): void {
    this.#isFinQueued = true;
  }

  /** The peer's word on what it takes; an older segment does not undo a newer one's. */
  setWindow(bytes: number, sequence: number, acknowledgment: number, nowMs: number): void {
    const { sequence: from, acknowledgment: by } = this.#windowFrom;
    const isNewer =
      !this.#hasWindow ||
      isBefore(from, sequence) ||
      (from === sequence && !isBefore(acknowledgment, by));
    if (!isNewer) return;
    if (this.#windowBytes === 0 && bytes > 0) this.#restart(nowMs);
    this.#hasWindow = true;
    this.#windowBytes = bytes;
    this.#largestWindowBytes = Math.max(this.#largestWindowBytes, bytes);
    this.#windowFrom = { sequence, acknowledgment };
  }

  /** Takes an acknowledgment; returns how many bytes of the stream it covers anew. */
  acknowledge(acknowledgment: number, isPlain: boolean, nowMs: number): number {
    const count = distance(this.#unacknowledged, acknowledgment);
    if (count <= 0) {
      if (count === 0 && isPlain && this.#next !== this.#unacknowledged) this.#onDuplicate();
      return 0;
    }
    const bytes = Math.min(count, this.queue.byteCount);
    this.queue.drop(bytes);
    if (count > bytes) this.#isFinAcknowledged = true;
    this.#unacknowledged = acknowledgment;
    if (isBefore(this.#next, acknowledgment)) this.#next = acknowledgment;
    this.#duplicates = 0;
    // Slow start after a loss, until there is no limit again.
    this.#congestionBytes += this.#congestionBytes > 1024 * 1024 ? Infinity : count;
    const isAll = acknowledgment === this.#furthest;
    this.timer.acknowledged((end) => !isBefore(acknowledgment, end), isAll, nowMs);
    return bytes;
  }

  /** The next segment that the peer takes; `sent` has to follow. */
  peek(): Outgoing | undefined {
    const underWay = distance(this.#unacknowledged, this.#next);
    const unsent = this.queue.byteCount - underWay;
    const allowed = Math.min(this.#windowBytes, this.#congestionBytes) - underWay;
    const length = Math.min(this.#mss, unsent, Math.max(0, allowed));
    if (length > 0) {
      // Silly windows (RFC 9293, section 3.8.6.2.1): a part waits for room, unless nothing is under way.
      const isPart = length < unsent && length < this.#mss;
      if (isPart && underWay > 0 && length < this.#largestWindowBytes / 2) return undefined;
      const payload = this.queue.slice(underWay, length);
      const isLast = length === unsent;
      return { sequence: this.#next, payload, isFin: isLast && this.#isFinQueued, isLast };
    }
    const isFinNext = this.#isFinQueued && !this.#isFinAcknowledged && unsent === 0;
    if (!isFinNext) return undefined;
    return { sequence: this.#next, payload: [], isFin: true, isLast: true };
  }

  /** What {@link peek} gave is sent. */
  sent(outgoing: Outgoing, nowMs: number): void {
    const length = outgoing.payload.reduce((sum, piece) => sum + piece.length, 0);
    this.#next = advance(this.#next, length + (outgoing.isFin ? 1 : 0));
    const isNew = isBefore(this.#furthest, this.#next);
    if (isNew) this.#furthest = this.#next;
    this.timer.sent(this.#next, nowMs);
  }

  /** Something waits that the peer's window keeps back: it has to be asked. */
  armProbe(nowMs: number): void {
    const waits = this.queue.byteCount > 0 && this.#windowBytes === 0;
    if (waits && this.timer.deadlineMs === Infinity) {
      this.timer.deadlineMs = nowMs + this.timer.timeoutMs;
    }
  }

  /** The timer is over: one byte to ask for a window, or everything again from the first byte. */
  expire(nowMs: number): Outgoing | undefined {
    this.timer.expired(nowMs);
    if (this.#windowBytes === 0 && this.queue.byteCount > 0) {
      // A peer with a closed window is alive; it is asked for as long as it answers.
      const payload = this.queue.slice(0, 1);
      if (this.#next === this.#unacknowledged) {
        this.#next = advance(this.#next, 1);
        if (isBefore(this.#furthest, this.#next)) this.#furthest = this.#next;
      }
      return { sequence: this.#unacknowledged, payload, isFin: false, isLast: false };
    }
    this.#goBack();
    return undefined;
  }

  clear(): void {
    this.queue.clear();
    this.timer.stop();
  }

  #onDuplicate(): void {
    this.#duplicates += 1;
    if (this.#duplicates === duplicatesForRetransmission) this.#goBack();
  }

  #goBack(): void {
    this.#next = this.#unacknowledged;
    this.#congestionBytes = 2 * this.#mss;
  }

  /** A window opens: the byte of a probe that was not taken is sent again. */
  #restart(nowMs: number): void {
    if (!this.#hasWindow) return;
    this.#next = this.#unacknowledged;
    this.timer.stop();
    if (this.queue.byteCount > 0) this.timer.deadlineMs = nowMs + this.timer.timeoutMs;
  }
}
