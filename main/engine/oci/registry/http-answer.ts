/** The answer to a request, with a bound on every wait and on the length of its body. */
import type { Dispatcher } from 'undici';
import { AppError } from '../../base/app-error.ts';
import type { HttpWatch } from './http-watch.ts';
import { quote } from '../quote.ts';

/** How long the waits may be; tests make them short. */
export interface HttpTimeouts {
  /** Connecting and the head of one answer. */
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly stallMs: number;
  /** The whole body of a small document. */
  readonly documentMs: number;
  /** The answer to a body that was sent: the registry checks its digest first. */
  readonly commitMs: number;
}

/** See {@link HttpTimeouts}. */
export const defaultHttpTimeouts: HttpTimeouts = {
  headersMs: 30_000,
  stallMs: 60_000,
  documentMs: 120_000,
  commitMs: 300_000,
};

/** More than this is not read only to keep a connection. */
const maxDiscardedBytes = 64 * 1024;

/** The head of an answer; its body is read once with one of the three, or `discard`ed. */
export interface HttpAnswer {
  readonly status: number;
  /** Where redirects led. */
  readonly url: URL;
  /** Whether that is the origin that was asked, and no other was in between. */
  readonly sameOrigin: boolean;
  header(name: string): string | undefined;
  /** The body piece by piece. Throws a TransientError where it breaks off or stalls. */
  pieces(): AsyncIterable<Uint8Array>;
  /** The body whole. Throws `registry/bad-answer` beyond `maxBytes`. */
  read(maxBytes: number): Promise<Uint8Array>;
  /** At most the first `maxBytes` of the body as text, for a message; never throws. */
  readExcerpt(maxBytes: number): Promise<string>;
  discard(): Promise<void>;
}

/** See {@link HttpAnswer}. */
export class WatchedAnswer implements HttpAnswer {
  readonly url: URL;
  readonly sameOrigin: boolean;
  readonly #response: Dispatcher.ResponseData;
  readonly #watch: HttpWatch;
  readonly #timeouts: HttpTimeouts;

  constructor(
    response: Dispatcher.ResponseData,
    url: URL,
    sameOrigin: boolean,
    watch: HttpWatch,
    timeouts: HttpTimeouts,
  ) {
    this.url = url;
    this.sameOrigin = sameOrigin;
    this.#response = response;
    this.#watch = watch;
    this.#timeouts = timeouts;
  }

  get status(): number {
    return this.#response.statusCode;
  }

  header(name: string): string | undefined {
    const { headers } = this.#response;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    this.#watch.limit(this.#timeouts.stallMs, 'it stopped sending');
    try {
      yield* this.#body(() => {
        this.#watch.renew();
      });
    } finally {
      this.#watch.close();
    }
  }

  async read(maxBytes: number): Promise<Uint8Array> {
    this.#watch.limit(this.#timeouts.documentMs, 'it took too long to send a document');
    const pieces: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const piece of this.#body()) {
        length += piece.length;
        if (length > maxBytes) {
          throw new AppError(
            'registry/bad-answer',
            `${quote(this.url.host)} sent more than the ${String(maxBytes)} bytes that are read here.`,
          );
        }
        pieces.push(piece);
      }
    } finally {
      this.#watch.close();
    }
    return Buffer.concat(pieces);
  }

  async readExcerpt(maxBytes: number): Promise<string> {
    this.#watch.limit(this.#timeouts.headersMs, 'it stopped sending');
    const pieces: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const piece of this.#body()) {
        pieces.push(piece);
        length += piece.length;
        if (length >= maxBytes) break;
      }
    } catch {
      // An excerpt is evidence only; what came is good enough.
    } finally {
      this.#watch.close();
    }
    return Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8');
  }

  async discard(): Promise<void> {
    this.#watch.limit(this.#timeouts.headersMs, 'it stopped sending');
    await this.#response.body.dump({ limit: maxDiscardedBytes }).catch(() => undefined);
    this.#watch.close();
  }

  async *#body(onPiece?: () => void): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of this.#response.body as AsyncIterable<Uint8Array>) {
        onPiece?.();
        yield piece;
      }
    } catch (error) {
      throw this.#watch.explain(error);
    }
  }
}
