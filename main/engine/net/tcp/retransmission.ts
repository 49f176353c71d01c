/** When to send again: round-trip estimate, back-off and giving up. RFC 6298. Pure. */

/** An emulated guest may not run for a while; a link without loss rarely needs a second try. */
const minTimeoutMs = 400;
const maxTimeoutMs = 60_000;
const firstTimeoutMs = 1000;
/** About a quarter of an hour with the back-off above, as Linux gives up. */
const maxTries = 15;

/** See the head of this file. */
export class Retransmission {
  #smoothedMs: number | undefined;
  #variationMs = 0;
  #tries = 0;
  /** The segment that is timed. */
  #timed: { readonly end: number; readonly atMs: number } | undefined;
  /** When to send again; infinite while nothing is under way. */
  deadlineMs = Infinity;

  get timeoutMs(): number {
    const base =
      this.#smoothedMs === undefined
        ? firstTimeoutMs
        : this.#smoothedMs + Math.max(4 * this.#variationMs, minTimeoutMs);
    return Math.min(maxTimeoutMs, Math.max(minTimeoutMs, base) * 2 ** this.#tries);
  }

  /** Whether the other side has not answered for so long that it is given up. */
  get isHopeless(): boolean {
    return this.#tries > maxTries;
  }

  /** A segment that ends before `end` was sent for the first time. */
  sent(end: number, nowMs: number): void {
    this.#timed ??= { end, atMs: nowMs };
    if (this.deadlineMs === Infinity) this.deadlineMs = nowMs + this.timeoutMs;
  }

  /** Everything before `acknowledged` arrived; `isAllAcknowledged`: nothing more is under way. */
  acknowledged(
    isTimedCovered: (end: number) => boolean,
    isAllAcknowledged: boolean,
    nowMs: number,
  ): void {
    if (this.#timed !== undefined && isTimedCovered(this.#timed.end)) {
      this.#measure(nowMs - this.#timed.atMs);
      this.#timed = undefined;
    }
    this.#tries = 0;
    this.deadlineMs = isAllAcknowledged ? Infinity : nowMs + this.timeoutMs;
  }

  /** The time was over. What is sent again is not timed (Karn's algorithm). */
  expired(nowMs: number): void {
    this.#tries += 1;
    this.#timed = undefined;
    this.deadlineMs = nowMs + this.timeoutMs;
  }

  stop(): void {
    this.#timed = undefined;
    this.#tries = 0;
    this.deadlineMs = Infinity;
  }

  #measure(sampleMs: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = sampleMs;
      this.#variationMs = sampleMs / 2;
      return;
    }
    this.#variationMs += (Math.abs(this.#smoothedMs - sampleMs) - this.#variationMs) / 4;
    this.#smoothedMs += (sampleMs - this.#smoothedMs) / 8;
  }
}
