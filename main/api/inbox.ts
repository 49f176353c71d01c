/** What one client has still to be sent: filled by events, emptied as the client reads. */
export class Inbox {
  readonly #signal: AbortSignal | undefined;
  #wake = (): void => undefined;

  /** @param signal aborted when the client is gone */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** There may be something to take. */
  notify(): void {
    this.#wake();
  }

  /** What `take` gives, one after the other; waits while it gives nothing; ends with the client. */
  async *drain<T>(take: () => T | undefined): AsyncGenerator<T, void, void> {
    const signal = this.#signal;
    const onAbort = (): void => {
      this.#wake();
    };
    signal?.addEventListener('abort', onAbort);
    try {
      while (signal?.aborted !== true) {
        const next = take();
        if (next !== undefined) {
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
