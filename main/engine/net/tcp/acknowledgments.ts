/**
 * When a connection acknowledges: at once, within a moment, or not at all. Pure.
 * RFC 9293, sections 3.7.4 and 3.8.6.3.
 */

/** More is acknowledged at once. */
const promptBytes = 16 * 1024;
/** As Linux has it (tcp_invalid_ratelimit). */
const strayMs = 500;

/** See the head of this file. */
export class Acknowledgments {
  #isDue = false;
  /** Bytes that were taken and not acknowledged. */
  #owedBytes = 0;
  /** The peer has been sent something since it last said anything. */
  #isAsked = true;
  #strayMs = -Infinity;

  /** One has to go out now. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** One has to go out within a moment: a peer that writes little at a time gathers more meanwhile. */
  get isOwed(): boolean {
    return this.#owedBytes > 0;
  }

  demand(): void {
    this.#isDue = true;
  }

  /** Bytes were taken. Whoever answers is waited for by its peer; whoever goes on saying something is not. */
  take(byteCount: number): void {
    this.#owedBytes += byteCount;
    if (this.#isAsked || this.#owedBytes >= promptBytes) this.#isDue = true;
    this.#isAsked = false;
  }

  /** Something came that has no place. Two ends that answer each other's empty segments would never stop. */
  takeStray(length: number, nowMs: number): void {
    if (length === 0 && nowMs < this.#strayMs + strayMs) return;
    this.#strayMs = nowMs;
    this.#isDue = true;
  }

  /** A segment goes out, and each acknowledges. */
  sent(payloadBytes: number): void {
    this.#isDue = false;
    this.#owedBytes = 0;
    if (payloadBytes > 0) this.#isAsked = true;
  }
}
