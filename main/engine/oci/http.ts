/** GET on the platform's fetch, with a bound on every wait, redirect and body. */
import { AppError, cancelledError } from '../base/app-error.ts';
import { mayLeadTo } from './endpoint.ts';
import { networkError, TransientError, unreachable } from './network-error.ts';
import { quote } from './quote.ts';

/** How long the waits may be; tests make them short. */
export interface HttpTimeouts {
  /** Connecting and the head of one answer. */
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly stallMs: number;
  /** The whole body of a small document. */
  readonly documentMs: number;
}

/** See {@link HttpTimeouts}. */
export const defaultHttpTimeouts: HttpTimeouts = {
  headersMs: 30_000,
  stallMs: 60_000,
  documentMs: 120_000,
};

const maxRedirects = 5;
const redirectStatuses = [301, 302, 303, 307, 308];

/** A request. `authorization` goes to the origin of `url` alone. */
export interface HttpRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
}

/** The head of an answer; its body is read once with one of the three, or `discard`ed. */
export interface HttpAnswer {
  readonly status: number;
  /** Where redirects led. */
  readonly url: URL;
  /** Whether that is the origin that was asked. */
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

/** Follows redirects and returns the first other answer, whatever its status. */
export async function httpGet(request: HttpRequest): Promise<HttpAnswer> {
  let url = request.url;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const answer = await getOnce(request, url);
    if (!redirectStatuses.includes(answer.status)) return answer;
    await answer.discard();
    url = redirectTarget(answer);
  }
  throw new AppError(
    'registry/bad-answer',
    `The registry at ${quote(request.url.host)} redirected more than ${String(maxRedirects)} times.`,
  );
}

/**
 * Posts a form. A redirect is an answer like any other: the form may hold a secret, which goes
 * nowhere else.
 */
export async function httpPostForm(
  request: HttpRequest,
  form: URLSearchParams,
): Promise<HttpAnswer> {
  return await getOnce(request, request.url, form);
}

function redirectTarget(answer: HttpAnswer): URL {
  const location = answer.header('location');
  const target = location === undefined ? null : URL.parse(location, answer.url.href);
  if (target === null) {
    throw new AppError(
      'registry/bad-answer',
      `${quote(answer.url.host)} redirected to ${location === undefined ? 'nowhere' : quote(location)}.`,
    );
  }
  if (!mayLeadTo(answer.url, target)) {
    throw new AppError(
      'registry/bad-answer',
      `${quote(answer.url.host)} redirected to ${quote(target.origin)}, which is not safe to follow.`,
    );
  }
  return target;
}

async function getOnce(
  request: HttpRequest,
  url: URL,
  form?: URLSearchParams,
): Promise<HttpAnswer> {
  const { timeouts, authorization } = request;
  const sameOrigin = url.origin === request.url.origin;
  const watch = new Watch(url, request.signal);
  watch.limit(timeouts.headersMs, 'it did not answer in time');
  try {
    const response = await fetch(url, {
      ...(form && { method: 'POST', body: form }),
      headers: {
        'user-agent': 'skerry',
        // Blobs are compressed already, and their digest is of the bytes as they are stored.
        'accept-encoding': 'identity',
        ...request.headers,
        ...(sameOrigin && authorization !== undefined && { authorization }),
      },
      redirect: 'manual',
      signal: watch.signal,
    });
    watch.unlimit();
    return new FetchAnswer(response, url, sameOrigin, watch, timeouts);
  } catch (error) {
    watch.close();
    throw watch.explain(error);
  }
}

/** One request's way to end early: the caller's signal, or a wait that took too long. */
class Watch {
  readonly #url: URL;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = new AbortController();
  readonly #onCallerAbort = (): void => {
    this.#abort.abort();
  };
  #timer: NodeJS.Timeout | undefined;
  #overdue: TransientError | undefined;

  constructor(url: URL, caller: AbortSignal | undefined) {
    this.#url = url;
    this.#caller = caller;
    if (caller?.aborted === true) this.#abort.abort();
    caller?.addEventListener('abort', this.#onCallerAbort);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  limit(timeoutMs: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#overdue = new TransientError(unreachable(this.#url, reason));
      this.#abort.abort();
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

  close(): void {
    this.unlimit();
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  explain(error: unknown): unknown {
    if (this.#overdue) return this.#overdue;
    if (this.#caller?.aborted === true) return cancelledError(`The request to ${this.#url.host}`);
    return networkError(error, this.#url);
  }
}

class FetchAnswer implements HttpAnswer {
  readonly url: URL;
  readonly sameOrigin: boolean;
  readonly #response: Response;
  readonly #watch: Watch;
  readonly #timeouts: HttpTimeouts;

  constructor(
    response: Response,
    url: URL,
    sameOrigin: boolean,
    watch: Watch,
    timeouts: HttpTimeouts,
  ) {
    this.url = url;
    this.sameOrigin = sameOrigin;
    this.#response = response;
    this.#watch = watch;
    this.#timeouts = timeouts;
  }

  get status(): number {
    return this.#response.status;
  }

  header(name: string): string | undefined {
    return this.#response.headers.get(name) ?? undefined;
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
    this.#watch.close();
    await this.#response.body?.cancel().catch(() => undefined);
  }

  async *#body(onPiece?: () => void): AsyncGenerator<Uint8Array> {
    const body = this.#response.body as ReadableStream<Uint8Array> | null;
    if (body === null) return;
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw this.#watch.explain(error);
        });
        if (done) return;
        onPiece?.();
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }
}
