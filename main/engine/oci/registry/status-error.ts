/** Answers that are not the one hoped for, as errors. */
import { AppError } from '../../base/app-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import { quote } from '../quote.ts';

const maxExcerptBytes = 2048;
const transientStatuses = [408, 425, 429, 500, 502, 503, 504];

/**
 * The error for an answer to a request for `what`, its body read as evidence. `missing` is the
 * code of a 404.
 */
export async function statusError(
  answer: HttpAnswer,
  what: string,
  missing: 'image/not-found' | 'registry/bad-answer',
): Promise<AppError | TransientError> {
  const { status, url, sameOrigin } = answer;
  const details = await evidence(answer);
  const host = quote(url.host);
  // A refusal by the server that a registry redirects to is not about the user: its link is stale.
  if ((status === 401 || status === 403) && sameOrigin) {
    const message = `The registry at ${host} refused ${what} (status ${String(status)}); it may be private, or not exist.`;
    return new AppError('registry/unauthorized', message, { details });
  }
  if (status === 404 && sameOrigin) {
    return new AppError(missing, `The registry at ${host} does not have ${what}.`, { details });
  }
  // As Go's and nginx's servers say it.
  if (status === 400 && url.protocol === 'http:' && /\bHTTPS\b/.test(details.answer ?? '')) {
    const message = `The registry at ${host} speaks TLS, and was asked without.`;
    return new AppError('registry/tls-failed', message, { details });
  }
  const message = `The registry at ${host} answered ${what} with status ${String(status)}.`;
  const waitMs = retryAfterMs(answer);
  const hint = status === 429 || waitMs !== undefined ? { hint: waitHint(status, waitMs) } : {};
  const error = new AppError('registry/bad-answer', message, { details, ...hint });
  const mayPass = transientStatuses.includes(status) || (!sameOrigin && status >= 400);
  return mayPass ? new TransientError(error, waitMs) : error;
}

function waitHint(status: number, waitMs = 0): string {
  const why = status === 429 ? ': this registry limits how much it gives' : '';
  if (waitMs < 1000) return `Wait a while${why}.`;
  const seconds = Math.ceil(waitMs / 1000);
  const minutes = Math.ceil(seconds / 60);
  const time = seconds < 120 ? `${String(seconds)} seconds` : `${String(minutes)} minutes`;
  return `Try again in ${time}${why}.`;
}

/**
 * `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3). A date is taken by the clock of
 * the registry where it tells it, for ours may be another.
 */
function retryAfterMs(answer: HttpAnswer): number | undefined {
  const value = answer.header('retry-after');
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const atMs = readDate(value);
  if (atMs === undefined) return undefined;
  return Math.max(0, atMs - (readDate(answer.header('date')) ?? Date.now()));
}

/** An HTTP date in its present form (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */
function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** The status of an answer and the beginning of what it says, for the details of an error. */
export async function evidence(answer: HttpAnswer): Promise<{ status: number; answer?: string }> {
  // A client may print it; controls and marks of direction would steer its terminal.
  const excerpt = (await answer.readExcerpt(maxExcerptBytes)).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return { status: answer.status, ...(excerpt !== '' && { answer: excerpt }) };
}
