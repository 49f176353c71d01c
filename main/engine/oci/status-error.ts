/** Answers that are not the one hoped for, as errors. */
import { AppError } from '../base/app-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import { quote } from './quote.ts';

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
  // A client may print it; controls and marks of direction would steer its terminal.
  const excerpt = (await answer.readExcerpt(maxExcerptBytes)).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  const details = { status, ...(excerpt !== '' && { answer: excerpt }) };
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
  if (status === 400 && url.protocol === 'http:' && /\bHTTPS\b/.test(excerpt)) {
    const message = `The registry at ${host} speaks TLS, and was asked without.`;
    return new AppError('registry/tls-failed', message, { details });
  }
  const message = `The registry at ${host} answered ${what} with status ${String(status)}.`;
  const hint =
    status === 429 ? { hint: 'Wait a while: this registry limits how much it gives.' } : {};
  const error = new AppError('registry/bad-answer', message, { details, ...hint });
  const mayPass = transientStatuses.includes(status) || (!sameOrigin && status >= 400);
  return mayPass ? new TransientError(error, retryAfterMs(answer)) : error;
}

/** `Retry-After` in seconds (RFC 9110, section 10.2.3); its other form, a date, is not heeded. */
function retryAfterMs(answer: HttpAnswer): number | undefined {
  const seconds = answer.header('retry-after');
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
