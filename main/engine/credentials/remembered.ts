import { SharedWork } from '../base/shared-work.ts';

/** Long enough for the layers of one image, short enough that nobody waits for a change. */
const lifetimeMs = 10_000;

/** Answers that are slow to get, shared by who asks at the same time and kept for a moment. */
export class Remembered<Value> {
  readonly #work = new SharedWork<never>();
  readonly #answers = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** `key` is in words: it is part of the message where the work is cancelled. */
  async get(
    key: string,
    find: (signal: AbortSignal) => Promise<Value>,
    options: { readonly signal?: AbortSignal | undefined; readonly isAgain?: boolean | undefined },
  ): Promise<Value> {
    const { signal, isAgain = false } = options;
    if (isAgain) this.#answers.delete(key);
    for (;;) {
      const answer = this.#answers.get(key);
      if (answer !== undefined && answer.untilMs > this.#nowMs()) return answer.value;
      const own: Value[] = [];
      const work = async (workSignal: AbortSignal): Promise<void> => {
        const value = await find(workSignal);
        own.push(value);
        this.#answers.set(key, { value, untilMs: this.#nowMs() + lifetimeMs });
      };
      await this.#work.run({ key, means: '', work, signal });
      // Who joined another's work finds the answer in the table.
      for (const value of own) return value;
    }
  }

  /** Forgets everything: something has changed. */
  clear(): void {
    this.#answers.clear();
  }
}
