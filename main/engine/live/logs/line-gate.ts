/**
 * How much of a stream is kept: a burst, then so much each second. What is beyond is counted and
 * left out, so that no flood fills the disk or takes the place of all that was said before. Pure.
 */

/** What a stream may have. */
export interface GateLimits {
  readonly burstBytes: number;
  readonly bytesPerSecond: number;
}

/** Enough for the output of a long build; a flood is through with it in a second. */
const defaultGateLimits: GateLimits = {
  burstBytes: 8 * 1024 * 1024,
  bytesPerSecond: 256 * 1024,
};
/** What a line takes besides its text: its place, its time, where it came from. */
const lineOverheadBytes = 100;
/** A gate that has shut opens again when there is room for some lines and not for one. */
const reopenPart = 1 / 64;

/** One stream's. */
export class LineGate {
  readonly #limits: GateLimits;
  #tokens: number;
  #atMs: number | undefined;
  #isShut = false;
  #leftOut = 0;

  constructor(limits: GateLimits = defaultGateLimits) {
    this.#limits = limits;
    this.#tokens = limits.burstBytes;
  }

  /** Whether lines are left out now. */
  isShut(nowMs: number): boolean {
    const { burstBytes, bytesPerSecond } = this.#limits;
    const passedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#atMs = nowMs;
    this.#tokens = Math.min(burstBytes, this.#tokens + (passedMs / 1000) * bytesPerSecond);
    if (this.#tokens >= burstBytes * reopenPart) this.#isShut = false;
    return this.#isShut;
  }

  /** Takes the room of a line; the gate shuts behind the last one that had any. */
  pass(textLength: number): void {
    this.#tokens -= textLength + lineOverheadBytes;
    if (this.#tokens <= 0) this.#isShut = true;
  }

  leaveOut(lines: number): void {
    this.#leftOut += lines;
  }

  /** How many were left out since this was asked last. */
  takeLeftOut(): number {
    const lines = this.#leftOut;
    this.#leftOut = 0;
    return lines;
  }
}
