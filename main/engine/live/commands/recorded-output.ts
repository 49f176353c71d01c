/**
 * How far the output of a session was recorded: who attaches again is given anew what nobody has
 * acknowledged, and that is no news. Pure.
 */
import { OutputCounter, type OutputChannel } from '../../agent/session-output.ts';

/** See the head of this file. */
export class RecordedOutput {
  #counter = new OutputCounter();
  /** Bytes that were recorded and not used. */
  readonly #unused = { stdout: 0, stderr: 0 };
  /** Of those, what comes once more. */
  #repeated = { stdout: 0, stderr: 0 };

  /** Someone attaches: what was not used comes again. */
  restart(): void {
    this.#counter = new OutputCounter();
    this.#repeated = { ...this.#unused };
  }

  /** What of these bytes was not there before. */
  news(channel: OutputChannel, bytes: Uint8Array): Uint8Array {
    this.#counter.delivered(channel, bytes.length);
    const known = Math.min(bytes.length, this.#repeated[channel]);
    this.#repeated[channel] -= known;
    this.#unused[channel] += bytes.length - known;
    return bytes.subarray(known);
  }

  /** Whoever is attached has used so much of what it was given. */
  used(byteCount: number): void {
    this.#counter.used(byteCount);
    const { stdout, stderr } = this.#counter.settle();
    this.#unused.stdout -= stdout;
    this.#unused.stderr -= stderr;
  }
}
