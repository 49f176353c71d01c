/** Faults of the network in words, and which of them may pass by themselves. */
import { AppError } from '../base/app-error.ts';
import { systemErrorCode } from '../base/disk-error.ts';
import { quote } from './quote.ts';

/** A fault that may pass: trying again is worth it. `error` is what is thrown in the end. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly error: AppError;
  /** What the registry asked for with `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(error: AppError, retryAfterMs?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

const untrusted = 'its certificate is not signed by an authority that this machine trusts';
const noTls = 'it does not speak TLS';
const broken = 'the connection was broken off';
const noAnswer = 'it did not answer in time';
const noRoute = 'there is no route to it';

/** Faults that stay as they are until somebody mends something. */
const lasting: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no host of that name is known',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock of this machine right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
};

const passing: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name server did not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  ETIMEDOUT: noAnswer,
  UND_ERR_CONNECT_TIMEOUT: noAnswer,
  UND_ERR_HEADERS_TIMEOUT: noAnswer,
  UND_ERR_BODY_TIMEOUT: noAnswer,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
};

/** What `fetch` or its body threw, as `registry/unreachable` or `registry/bad-answer`. */
export function networkError(error: unknown, url: URL): AppError | TransientError {
  const codes = causes(error).map(systemErrorCode);
  for (const code of codes) {
    if (code === undefined) continue;
    if (Object.hasOwn(lasting, code)) return unreachable(url, lasting[code], error);
    if (Object.hasOwn(passing, code)) {
      return new TransientError(unreachable(url, passing[code], error));
    }
    if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
      return new AppError('registry/bad-answer', `${quote(url.host)} does not speak HTTP.`, {
        cause: error,
      });
    }
  }
  const last = causes(error).at(-1);
  const words = last instanceof Error ? last.message : String(last);
  return new TransientError(unreachable(url, `the network said ${quote(words)}`, error));
}

/** `registry/unreachable` with the reason in words. */
export function unreachable(url: URL, reason: string | undefined, cause?: unknown): AppError {
  const message = `The registry at ${quote(url.host)} cannot be reached: ${reason ?? 'no reason is known'}.`;
  return new AppError('registry/unreachable', message, { cause });
}

/** The error and what lies behind it, outermost first; a failed dual-stack connect has several. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  let current: unknown = error;
  while (current !== undefined && found.length < 8) {
    found.push(current);
    if (current instanceof AggregateError) found.push(...(current.errors as unknown[]).slice(0, 4));
    current = current instanceof Error ? current.cause : undefined;
  }
  return found;
}
