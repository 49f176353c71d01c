import { describe, expect, it } from 'vitest';
import { networkError, TransientError } from './network-error.ts';

const url = new URL('https://registry.example/v2/');

/** As a connection fails: the code is that of the cause. */
function fault(code: string, message = 'it failed'): Error {
  return new Error('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

describe('networkError', () => {
  it.each([
    ['ENOTFOUND', 'registry/name-unknown', false],
    ['EAI_AGAIN', 'registry/unreachable', true],
    ['ECONNREFUSED', 'registry/unreachable', true],
    ['ECONNRESET', 'registry/unreachable', true],
    ['EHOSTUNREACH', 'registry/unreachable', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'registry/unreachable', true],
    ['CERT_HAS_EXPIRED', 'registry/tls-failed', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'registry/tls-failed', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'registry/tls-failed', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'registry/tls-failed', false],
    ['CERT_REVOKED', 'registry/tls-failed', false],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'registry/tls-failed', false],
    ['HPE_INVALID_CONSTANT', 'registry/bad-answer', false],
    ['EWHATEVER', 'registry/unreachable', true],
  ])('%s is %s, and may pass: %s', (code, expected, mayPass) => {
    const error = networkError(fault(code), url);
    expect(error instanceof TransientError).toBe(mayPass);
    expect(error instanceof TransientError ? error.error : error).toMatchObject({
      code: expected,
      message: expect.stringContaining('registry.example') as string,
    });
  });

  it('looks behind a connect to several addresses', () => {
    const causes = [fault('ENETUNREACH'), fault('ECONNREFUSED')];
    const error = networkError(new TypeError('x', { cause: new AggregateError(causes) }), url);
    expect(error).toBeInstanceOf(TransientError);
  });

  it.each([
    [fault('ENOTFOUND'), 'has a name that is not known'],
    [fault('ECONNREFUSED'), 'the connection was refused'],
    [
      new Error('x', { cause: new Error('Proxy response (503) !== 200 when HTTP Tunneling') }),
      '(status 503)',
    ],
    [new Error('Proxy response (407) !== 200 when HTTP Tunneling'), 'wants a user name'],
    [new Error('Proxy Authentication Required (407)'), 'wants a user name'],
  ])('blames the proxy for %s', (thrown, words) => {
    const found = networkError(thrown, url, 'proxy.example:3128');
    const error = found instanceof TransientError ? found.error : found;
    expect(error.code).toBe('registry/unreachable');
    expect(error.message).toContain('the proxy "proxy.example:3128"');
    expect(error.message).toContain(words);
  });

  it('does not blame the proxy for the certificate', () => {
    expect(networkError(fault('CERT_HAS_EXPIRED'), url, 'proxy.example')).toMatchObject({
      code: 'registry/tls-failed',
    });
  });
});
