import { blockBytes } from './format/block.ts';

/** Takes finished pieces of an image in order. The bytes are used again after the call. */
export type ImageSink = (bytes: Uint8Array) => void;

const bufferBytes = 1024 * 1024;

/** Gathers what is written at ascending offsets into large pieces; gaps are zeros. */
export class BlockStream {
  readonly #buffer = new Uint8Array(bufferBytes);
  readonly #sink: ImageSink;
  readonly #onFirst: (bytes: Uint8Array) => void;
  /** Offset in the image of the buffer's first byte. */
  #start = 0;
  #end = 0;

  /** `onFirst` may change the first piece, which holds at least one block. */
  constructor(sink: ImageSink, onFirst: (bytes: Uint8Array) => void) {
    this.#sink = sink;
    this.#onFirst = onFirst;
  }

  /** Writes at an offset that is not before the end of what was written. */
  write(offset: number, bytes: Uint8Array): void {
    this.#fillTo(offset);
    let rest = bytes;
    while (rest.length > 0) {
      const room = bufferBytes - this.#end;
      const part = rest.subarray(0, room);
      this.#buffer.set(part, this.#end);
      this.#end += part.length;
      rest = rest.subarray(part.length);
      if (this.#end === bufferBytes) this.#flush();
    }
  }

  /** Fills the last block with zeros and passes on what is left. */
  finish(byteCount: number): void {
    this.#fillTo(byteCount);
    if (this.#end > 0) this.#flush();
  }

  #fillTo(offset: number): void {
    while (this.#start + this.#end < offset) {
      const count = Math.min(bufferBytes - this.#end, offset - this.#start - this.#end);
      this.#buffer.fill(0, this.#end, this.#end + count);
      this.#end += count;
      if (this.#end === bufferBytes) this.#flush();
    }
  }

  #flush(): void {
    if (this.#start === 0) {
      if (this.#end < blockBytes) throw new RangeError('An image has at least one block.');
      this.#onFirst(this.#buffer.subarray(0, this.#end));
    }
    this.#sink(this.#buffer.subarray(0, this.#end));
    this.#start += this.#end;
    this.#end = 0;
  }
}
