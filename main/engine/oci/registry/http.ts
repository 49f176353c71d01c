/** HTTP requests with a bound on every wait, redirect and body. */
import { Readable } from 'node:stream';
import { request as send, type Dispatcher } from 'undici';
import { AppError } from '../../base/app-error.ts';
import { mayLeadTo } from './endpoint.ts';
import { WatchedAnswer, type HttpAnswer, type HttpTimeouts } from './http-answer.ts';
import { HttpWatch } from './http-watch.ts';
import { quote } from '../quote.ts';
import { defaultTransport, type Transport } from './transport.ts';

const maxRedirects = 5;
const redirectStatuses = [301, 302, 303, 307, 308];
/** Those that lead a request to elsewhere as it is (RFC 9110, section 15.4). */
const faithfulRedirectStatuses = [307, 308];

/** What a request carries. */
export interface HttpBody {
  readonly length: number;
  /** The bytes from the first on; called once for each request that is made. */
  open(): AsyncIterable<Uint8Array>;
}

/** A request. `authorization` goes to the origin of `url` alone, until the first redirect from there. */
export interface HttpRequest {
  readonly url: URL;
  /** `GET` where unset. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody | undefined;
  readonly authorization?: string | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
  /** How its registry is reached. */
  readonly transport?: Transport | undefined;
}

/** Follows redirects and returns the first other answer, whatever its status. */
export async function httpRequest(request: HttpRequest): Promise<HttpAnswer> {
  const { method = 'GET' } = request;
  const followed =
    method === 'GET' || method === 'HEAD' ? redirectStatuses : faithfulRedirectStatuses;
  let url = request.url;
  let sameOrigin = true;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const answer = await requestOnce(request, method, url, sameOrigin);
    if (!followed.includes(answer.status)) return answer;
    await answer.discard();
    url = safeLocation(answer);
    // Who sends us back from elsewhere must not choose what is asked in our name.
    sameOrigin &&= url.origin === request.url.origin;
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
  request: Omit<HttpRequest, 'method' | 'body'>,
  form: URLSearchParams,
): Promise<HttpAnswer> {
  const bytes = Buffer.from(form.toString());
  const body: HttpBody = { length: bytes.length, open: () => Readable.from([bytes]) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...request.headers };
  return await requestOnce({ ...request, headers, body }, 'POST', request.url, true);
}

/** Where an answer sends us. Throws `registry/bad-answer` where that is nowhere or not safe. */
export function safeLocation(answer: HttpAnswer): URL {
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

async function requestOnce(
  request: HttpRequest,
  method: Dispatcher.HttpMethod,
  url: URL,
  sameOrigin: boolean,
): Promise<HttpAnswer> {
  const { timeouts, authorization, body, transport = defaultTransport } = request;
  const { dispatcher, proxy } = transport.routeTo(url);
  const watch = new HttpWatch(url, proxy, request.signal);
  watch.limit(timeouts.headersMs, 'it did not answer in time');
  const headers = {
    'user-agent': 'skerry',
    // Blobs are compressed already, and their digest is of the bytes as they are stored.
    'accept-encoding': 'identity',
    ...request.headers,
    ...(body !== undefined && { 'content-length': String(body.length) }),
    ...(sameOrigin && authorization !== undefined && { authorization }),
  };
  const sent = body !== undefined && body.length > 0 ? watchBody(body, watch, timeouts) : null;
  try {
    const answer = send(url, { method, headers, body: sent, signal: watch.signal, dispatcher });
    const response = await watch.orAbort(answer, (late) => {
      late.body.on('error', () => undefined).destroy();
    });
    watch.unlimit();
    return new WatchedAnswer(response, url, sameOrigin, watch, timeouts);
  } catch (error) {
    watch.close();
    throw watch.explain(error);
  }
}

/** The body, as long as the registry takes it. */
function watchBody(body: HttpBody, watch: HttpWatch, timeouts: HttpTimeouts): Readable {
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body.open()) {
        watch.limit(timeouts.stallMs, 'it stopped taking what is sent');
        yield piece;
      }
    } catch (error) {
      // Not a fault of the network: the file cannot be read.
      watch.fail(error);
      throw error;
    }
    watch.limit(timeouts.commitMs, 'it did not answer what was sent in time');
  };
  return Readable.from(watched(), { objectMode: false });
}
