/** Where the input of a terminal waits while its guest stands still. Order is kept. */

/** See the head of this file; it is open at first. */
export class InputGate {
  #closed: PromiseWithResolvers<void> | undefined;

  close(): void {
    this.#closed ??= Promise.withResolvers();
  }

  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }

  /** Resolves when it is open. One that is not closed lets pass at once. */
  passed(): Promise<void> | undefined {
    return this.#closed?.promise;
  }
}
