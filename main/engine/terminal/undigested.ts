/**
 * The escape sequence that a terminal has taken the beginning of and waits for the rest. Pure.
 */

const escape = 0x1b;
/**
 * A string that is longer (an image, a clipboard) is kept with its beginning alone: what follows
 * it is then still taken as a part of it, and drawn as nothing.
 */
const maxKeptBytes = 16 * 1024;

/** Collects {@link bytes} over the pieces of a stream. */
export class Undigested {
  #kept: Uint8Array = new Uint8Array();

  /** What another terminal has to be given after the snapshot, before the stream goes on. */
  get bytes(): Uint8Array {
    const [first, second] = this.#kept;
    const isDeviceString = first === escape ? second === 0x50 : second === 0x90;
    // A control within a sequence was done when it came; only a device string (DCS) holds them.
    return isDeviceString ? this.#kept : this.#kept.filter((byte) => byte === escape || byte >= 32);
  }

  /** Takes the next piece; `isInSequence` is the state of the parser after it. */
  push(piece: Uint8Array, isInSequence: boolean): void {
    if (!isInSequence) {
      this.#kept = new Uint8Array();
      return;
    }
    const start = lastIntroducer(piece);
    const more = piece.slice(start ?? 0, (start ?? 0) + maxKeptBytes);
    if (start !== undefined) this.#kept = more;
    else this.#kept = Buffer.concat([this.#kept, more]).subarray(0, maxKeptBytes);
  }
}

/** Where the last ESC or C1 control (U+0080 to U+009F) begins; each begins a sequence anew. */
function lastIntroducer(piece: Uint8Array): number | undefined {
  for (let at = piece.length - 1; at >= 0; at -= 1) {
    const byte = piece[at] ?? 0;
    if (byte === escape) return at;
    if (byte >= 0x80 && byte <= 0x9f && piece[at - 1] === 0xc2) return at - 1;
  }
  return undefined;
}
