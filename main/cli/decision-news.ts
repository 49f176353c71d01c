import type { Decision } from '../contract/network.ts';

/** Entries that are remembered; of one that is forgotten everything is news. */
const defaultLimit = 10_000;

/** Tells new decisions and new counts from those that a log, sent again as a whole, repeats. */
export class DecisionNews {
  /** Count by id, the one that changed last at the end. */
  readonly #counts = new Map<number, number>();
  readonly #limit: number;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  /** Those that were not yet told, or not with this count. */
  of(decisions: readonly Decision[]): Decision[] {
    return decisions.filter(({ id, count }) => {
      if (this.#counts.get(id) === count) return false;
      this.#counts.delete(id);
      this.#counts.set(id, count);
      const [oldest] = this.#counts.keys();
      if (this.#counts.size > this.#limit && oldest !== undefined) this.#counts.delete(oldest);
      return true;
    });
  }
}
