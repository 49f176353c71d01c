import { cancelledError } from './app-error.ts';

/** Lets a number of tasks run at the same time; the others wait in the order they came. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** Whether a task would run at once. */
  get hasRoom(): boolean {
    return this.#free > 0;
  }

  /**
   * Runs a task when its turn comes.
   * @throws AppError `operation/cancelled` where the signal comes first, and whatever the task throws
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const cancelled = cancelledError('What waited for its turn');
    if (signal?.aborted === true) throw cancelled;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const begin = (): void => {
      resolve(undefined);
    };
    const leave = (): void => {
      const index = this.#waiting.indexOf(begin);
      // Its turn may have come already.
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(cancelled);
    };
    this.#waiting.push(begin);
    signal?.addEventListener('abort', leave);
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }
}
