/** Which addresses a sandbox was given for which names, and for how long. Pure; time is an argument. */

/** Programs use an answer a little longer than it is good for. */
const minLifeMs = 60_000;
const maxLifeMs = 24 * 60 * 60 * 1000;
/** Pairs of a name and an address; the oldest make way. */
const maxPins = 8192;

/** See the head of this file. */
export class DnsPins {
  /** Of each address the names, each with when it is forgotten; the latest answer last. */
  readonly #byAddress = new Map<string, Map<string, number>>();
  #count = 0;

  /** Remembers an answer; an earlier one that is good for longer stays so. */
  pin(name: string, address: string, ttlS: number, nowMs: number): void {
    const lifeMs = Math.min(maxLifeMs, Math.max(minLifeMs, ttlS * 1000));
    const names = this.#byAddress.get(address) ?? new Map<string, number>();
    const earlierMs = names.get(name) ?? 0;
    if (!names.delete(name)) this.#count += 1;
    names.set(name, Math.max(earlierMs, nowMs + lifeMs));
    this.#byAddress.delete(address);
    this.#byAddress.set(address, names);
    while (this.#count > maxPins) this.#dropOldest();
  }

  /** Names that the address was the answer for and still is, the latest first. */
  namesOf(address: string, nowMs: number): string[] {
    const names = this.#byAddress.get(address);
    if (names === undefined) return [];
    for (const [name, untilMs] of names) {
      if (untilMs > nowMs) continue;
      names.delete(name);
      this.#count -= 1;
    }
    if (names.size === 0) this.#byAddress.delete(address);
    return [...names.keys()].reverse();
  }

  #dropOldest(): void {
    const [oldest] = this.#byAddress;
    if (oldest === undefined) return;
    const [address, names] = oldest;
    const [name] = names.keys();
    if (name !== undefined && names.delete(name)) this.#count -= 1;
    if (names.size === 0) this.#byAddress.delete(address);
  }
}
