/** Faults of the network in words, and which of them may pass by themselves. */
import { AppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import { quote } from '../quote.ts';

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

/** What is wrong with a certificate, or with TLS as such. It stays so until somebody mends it. */
const tlsFaults: Readonly<Record<string, string>> = {
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

/** Of these faults the name alone is told. */
const otherTlsFault =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$)/;

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

/** Before an answer these are about the proxy, where there is one. */
const ofTheFirstHop = ['EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * What a request or the body of its answer threw, as one of the codes `registry/name-unknown`,
 * `tls-failed`, `unreachable` and `bad-answer`. `proxy` is the host of the one that it went through.
 */
export function networkError(error: unknown, url: URL, proxy?: string): AppError | TransientError {
  const found = causes(error);
  const byProxy = proxy === undefined ? undefined : proxyError(found, url, proxy);
  if (byProxy !== undefined) return byProxy;
  for (const code of found.map(systemErrorCode)) {
    if (code === undefined) continue;
    if (code === 'ENOTFOUND') {
      const message = `No host of the name ${quote(url.hostname)} is known.`;
      return new AppError('registry/name-unknown', message, { cause: error });
    }
    if (Object.hasOwn(tlsFaults, code)) return tlsFailed(url, tlsFaults[code] ?? code, error);
    if (Object.hasOwn(passing, code)) {
      return new TransientError(unreachable(url, passing[code], error));
    }
    if (otherTlsFault.test(code)) return tlsFailed(url, `TLS failed with ${code}`, error);
    if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
      return new AppError('registry/bad-answer', `${quote(url.host)} does not speak HTTP.`, {
        cause: error,
      });
    }
  }
  const last = found.at(-1);
  const words = last instanceof Error ? last.message : String(last);
  return new TransientError(unreachable(url, `the network said ${quote(words)}`, error));
}

/** `registry/unreachable` with the reason in words. */
export function unreachable(url: URL, reason: string | undefined, cause?: unknown): AppError {
  const message = `The registry at ${quote(url.host)} cannot be reached: ${reason ?? 'no reason is known'}.`;
  return new AppError('registry/unreachable', message, { cause });
}

function tlsFailed(url: URL, reason: string, cause: unknown): AppError {
  const message = `The registry at ${quote(url.host)} cannot be trusted: ${reason}.`;
  if (reason !== noTls) return new AppError('registry/tls-failed', message, { cause });
  return new AppError('registry/tls-failed', message, {
    hint: 'Mark it insecure in its settings if it is meant to be without TLS.',
    details: { speaksTls: false },
    cause,
  });
}

/** Where the way ends at the proxy. No cause goes along: what it says may hold the password. */
function proxyError(
  found: readonly unknown[],
  url: URL,
  proxy: string,
): AppError | TransientError | undefined {
  const hint = { hint: 'Check the proxy that HTTPS_PROXY or HTTP_PROXY names.' };
  const failed = (reason: string): AppError =>
    new AppError(
      'registry/unreachable',
      `The registry at ${quote(url.host)} cannot be reached: the proxy ${quote(proxy)} ${reason}.`,
      hint,
    );
  for (const cause of found) {
    const code = systemErrorCode(cause);
    if (code === 'ENOTFOUND') return failed('has a name that is not known');
    if (code !== undefined && ofTheFirstHop.includes(code)) {
      return new TransientError(failed(`is not there: ${passing[code] ?? code}`));
    }
    const text = cause instanceof Error ? cause.message : '';
    const status = /Proxy response \((\d{3})\)|\((407)\)/.exec(text);
    if (status?.[1] === '407' || status?.[2] === '407') {
      return failed('wants a user name and a password, or others than it was given');
    }
    if (status) return failed(`did not let us through (status ${String(status[1])})`);
  }
  return undefined;
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
