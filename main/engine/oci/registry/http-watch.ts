/** Ends a request early: at the caller's wish, or when a wait takes too long. */
import { cancelledError } from '../../base/app-error.ts';
import { networkError, TransientError, unreachable } from './network-error.ts';

/** One request's ways to end early. */
export class HttpWatch {
  readonly #url: URL;
  readonly #proxy: string | undefined;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = new AbortController();
  readonly #onCallerAbort = (): void => {
    this.#abort.abort();
  };
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(url: URL, proxy: string | undefined, caller: AbortSignal | undefined) {
    this.#url = url;
    this.#proxy = proxy;
    this.#caller = caller;
    if (caller?.aborted === true) this.#abort.abort();
    caller?.addEventListener('abort', this.#onCallerAbort);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Rejects as soon as the request is to end; the connection may take longer to hear of it. */
  async orAbort<Value>(work: Promise<Value>, late: (value: Value) => void): Promise<Value> {
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => {
      work.then(late, () => undefined);
      reject(new Error('The request was ended.'));
    };
    if (this.signal.aborted) onAbort();
    this.signal.addEventListener('abort', onAbort);
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
  }

  limit(timeoutMs: number, reason: string): void {
    clearTimeout(this.#timer);
    // A body may still be sent when its answer has been read.
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.fail(new TransientError(unreachable(this.#url, reason)));
    }, timeoutMs);
  }

  /** Begins the time of the limit anew. */
  renew(): void {
    this.#timer?.refresh();
  }

  unlimit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the request for a reason of ours. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#abort.abort();
  }

  close(): void {
    this.#isClosed = true;
    this.unlimit();
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  /** The error for what the connection threw. */
  explain(error: unknown): unknown {
    if (this.#caller?.aborted === true) return cancelledError(`The request to ${this.#url.host}`);
    if (this.#failure) return this.#failure.error;
    return networkError(error, this.#url, this.#proxy);
  }
}
