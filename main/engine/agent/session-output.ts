/**
 * The output of one session on its way from the guest to a listener: what has come, what was used,
 * and what the guest may therefore send. Pure. It counts; it neither sends nor calls anyone.
 */
import { protocolError } from './frame-codec.ts';

/** Bytes of each channel that may be under way and not acknowledged (PROTOCOL.md, "Credit"). */
export const windowBytes = 256 * 1024;

/** Where output comes from. With a terminal everything is `stdout`. */
export type OutputChannel = 'stdout' | 'stderr';

/** Bytes to be acknowledged, by channel. */
export interface OutputBytes {
  readonly stdout: number;
  readonly stderr: number;
}

/** Counts the output of a session between one attachment and the next. */
export class OutputCounter {
  /** Bytes that the guest has sent and may not send again until they are acknowledged to it. */
  #outstanding = { stdout: 0, stderr: 0 };
  /** Bytes that were used and not yet acknowledged to the guest. */
  #owed = { stdout: 0, stderr: 0 };
  /** What a listener was given and has not used, in order; neighbours of one channel are one. */
  #delivered: { channel: OutputChannel; byteCount: number }[] = [];

  /** @throws AppError `agent/protocol` where the guest sends beyond its credit */
  received(channel: OutputChannel, byteCount: number): void {
    this.#outstanding[channel] += byteCount;
    if (this.#outstanding[channel] > windowBytes) {
      throw protocolError(`sent more of ${channel} than it was granted`);
    }
  }

  delivered(channel: OutputChannel, byteCount: number): void {
    if (byteCount === 0) return;
    const last = this.#delivered.at(-1);
    if (last?.channel === channel) last.byteCount += byteCount;
    else this.#delivered.push({ channel, byteCount });
  }

  /** The listener used this many bytes; more than it was given count for nothing. */
  used(byteCount: number): void {
    let left = byteCount;
    let done = 0;
    for (const entry of this.#delivered) {
      const part = Math.min(left, entry.byteCount);
      this.#owed[entry.channel] += part;
      entry.byteCount -= part;
      left -= part;
      if (entry.byteCount > 0) break;
      done++;
    }
    this.#delivered.splice(0, done);
  }

  get allIsUsed(): boolean {
    return this.#delivered.length === 0;
  }

  get owedByteCount(): number {
    return this.#owed.stdout + this.#owed.stderr;
  }

  /** Takes what is owed; the guest may send as much again. */
  settle(): OutputBytes {
    const owed = this.#owed;
    this.#owed = { stdout: 0, stderr: 0 };
    this.#outstanding.stdout -= owed.stdout;
    this.#outstanding.stderr -= owed.stderr;
    return owed;
  }

  /** A new attachment begins: the guest counts from zero, too. */
  reset(): void {
    this.#outstanding = { stdout: 0, stderr: 0 };
    this.#owed = { stdout: 0, stderr: 0 };
    this.#delivered = [];
  }
}
