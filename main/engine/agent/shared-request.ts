/** One request for all who ask while it is under way. */
import { cancelledError } from '../base/app-error.ts';

/** Each caller may stop waiting; the request goes on for the others. */
export class SharedRequest<T> {
  readonly #ask: () => Promise<T>;
  #asked: Promise<T> | undefined;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** @throws AppError `operation/cancelled`, with `what` as what was cancelled; or what `ask` throws */
  get(what: string, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(cancelledError(what));
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    const asked = this.#asked;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(cancelledError(what));
      };
      signal?.addEventListener('abort', onAbort);
      void asked.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort));
    });
  }
}
