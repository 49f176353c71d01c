/** A blob that is still on its way, for a reader that begins before it is whole. */

/** How far it is: `failed` where it will never be whole in this file. */
export type GrowingState = 'growing' | 'complete' | 'failed';

/**
 * The file that a fetch writes. Its bytes are not verified before it is `complete`: a reader keeps
 * what it makes of them to itself until then.
 */
export class GrowingBlob {
  /** Where the file is while it grows. */
  readonly path: string;
  readonly #listeners = new Set<() => void>();
  #readableBytes = 0;
  #state: GrowingState = 'growing';

  constructor(path: string) {
    this.path = path;
  }

  /** Bytes that can be read from the file now. */
  get readableBytes(): number {
    return this.#readableBytes;
  }

  get state(): GrowingState {
    return this.#state;
  }

  /** Calls back at each change until the function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The file has this many bytes now. */
  growTo(readableBytes: number): void {
    if (this.#state !== 'growing') return;
    this.#readableBytes = readableBytes;
    this.#tell();
  }

  /** Nothing more comes; the first end counts. */
  end(state: Exclude<GrowingState, 'growing'>): void {
    if (this.#state !== 'growing') return;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
