/** One timer for all that is done again and again; none while there is nothing. */

/** See the head of this file. */
export class Poller {
  readonly #intervalMs: number;
  readonly #works = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Does the work at each interval until the returned function is called. It throws nothing. */
  add(work: () => void): () => void {
    this.#works.add(work);
    this.#timer ??= setInterval(() => {
      for (const each of [...this.#works]) each();
    }, this.#intervalMs).unref();
    return () => {
      this.#works.delete(work);
      if (this.#works.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}
