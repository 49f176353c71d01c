/**
 * Answers that are waited for, by what was asked. Each wait has an end.
 */
import { AppError, cancelledError } from '../base/app-error.ts';

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** How long, and until when, an answer is waited for; `what` completes "The guest did not …". */
export interface WaitOptions {
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** At most one waiter for each key. */
export class PendingAnswers<Key, T> {
  readonly #waiters = new Map<Key, Waiter<T>>();

  has(key: Key): boolean {
    return this.#waiters.has(key);
  }

  /** @throws AppError `agent/timeout`, `operation/cancelled`, `internal/unexpected` where it is asked twice */
  wait(key: Key, { what, timeoutMs, signal }: WaitOptions): Promise<T> {
    if (this.#waiters.has(key)) {
      throw new AppError('internal/unexpected', `The guest was asked twice to ${what}.`);
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.reject(key, cancelledError(`The wait for the guest to ${what}`));
      };
      const timer = setTimeout(() => {
        const seconds = String(timeoutMs / 1000);
        this.reject(
          key,
          new AppError('agent/timeout', `The guest did not ${what} within ${seconds} seconds.`),
        );
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiters.delete(key);
      };
      this.#waiters.set(key, {
        resolve: (value) => {
          stop();
          resolve(value);
        },
        reject: (error) => {
          stop();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
    });
  }

  /** Without a waiter nothing happens: it has stopped waiting, or never did. */
  resolve(key: Key, value: T): void {
    this.#waiters.get(key)?.resolve(value);
  }

  reject(key: Key, error: Error): void {
    this.#waiters.get(key)?.reject(error);
  }

  rejectAll(error: Error): void {
    for (const waiter of [...this.#waiters.values()]) waiter.reject(error);
  }
}
