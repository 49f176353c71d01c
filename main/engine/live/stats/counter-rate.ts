/** How fast something that only counts up is counting. Pure. */
export class CounterRate {
  #last: { readonly value: number; readonly atMs: number } | undefined;
  #perSecond = 0;

  /** Of the latest two readings; 0 before there are two. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** A count that is lower than before began anew. Returns the rate. */
  read(value: number, atMs: number): number {
    const last = this.#last;
    this.#last = { value, atMs };
    if (last === undefined || atMs <= last.atMs) return this.#perSecond;
    this.#perSecond = Math.max(0, ((value - last.value) * 1000) / (atMs - last.atMs));
    return this.#perSecond;
  }
}
