/** Reads a file that grows, in the worker that unpacks it. */
import { read } from 'node:fs';
import { promisify } from 'node:util';

const readFile = promisify(read);

/** How much of the file there is; the worker hears it from the thread that writes. */
export interface Growth {
  readonly readableBytes: number;
  readonly isComplete: boolean;
}

/** The bytes of a file in order, each as soon as it is there. */
export class GrowingSource {
  readonly #file: number;
  readonly #chunkBytes: number;
  #growth: Growth = { readableBytes: 0, isComplete: false };
  #wake = (): void => undefined;
  #bytesRead = 0;

  /** @param file a descriptor, which stays open */
  constructor(file: number, chunkBytes: number) {
    this.#file = file;
    this.#chunkBytes = chunkBytes;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** There is more to read, or nothing more comes. */
  grow(growth: Growth): void {
    this.#growth = growth;
    this.#wake();
  }

  async *chunks(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      const { readableBytes, isComplete } = this.#growth;
      const length = Math.min(this.#chunkBytes, readableBytes - this.#bytesRead);
      if (length > 0) {
        const buffer = Buffer.allocUnsafeSlow(length);
        const { bytesRead } = await readFile(this.#file, buffer, 0, length, this.#bytesRead);
        if (bytesRead === 0) throw new Error('The file is shorter than was said.');
        this.#bytesRead += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (isComplete) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
