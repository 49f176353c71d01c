/** A bucket of bytes that fills at a rate. Pure; time is an argument. */

const burstMs = 50;

/** See the head of this file. */
export class RateLimit {
  readonly #bytesPerMs: number;
  #bytes: number;
  #atMs: number;

  /** @param megabits per second; undefined for no limit */
  constructor(megabits: number | undefined, nowMs: number) {
    this.#bytesPerMs = megabits === undefined ? Infinity : (megabits * 1e6) / 8 / 1000;
    this.#bytes = this.#burstBytes;
    this.#atMs = nowMs;
  }

  get isUnlimited(): boolean {
    return this.#bytesPerMs === Infinity;
  }

  /** Uses bytes, also such as are not there yet. */
  use(byteCount: number): void {
    if (!this.isUnlimited) this.#bytes -= byteCount;
  }

  /** Milliseconds until something may be used again; 0 for now. */
  waitMs(nowMs: number): number {
    if (this.isUnlimited) return 0;
    const filled = this.#bytes + (nowMs - this.#atMs) * this.#bytesPerMs;
    this.#bytes = Math.min(this.#burstBytes, filled);
    this.#atMs = nowMs;
    return this.#bytes > 0 ? 0 : Math.ceil(-this.#bytes / this.#bytesPerMs) + 1;
  }

  get #burstBytes(): number {
    return Math.max(this.#bytesPerMs * burstMs, 1500);
  }
}
