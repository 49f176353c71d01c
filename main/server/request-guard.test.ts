import { describe, expect, it } from 'vitest';
import { AccessToken } from './access-token.ts';
import { judgeRequest, type Verdict } from './request-guard.ts';

const port = 4321;
const token = new AccessToken();
const cookie = `skerry-4321=${token.value}`;
const host = '127.0.0.1:4321';

interface Request {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly isUpgrade?: boolean;
}

function judge({ method = 'GET', url = '/', headers = {}, isUpgrade = false }: Request): Verdict {
  return judgeRequest({ method, url, headers, isUpgrade }, port, token);
}

function statusOf(request: Request): number {
  const verdict = judge(request);
  return verdict.kind === 'refuse' ? verdict.status : 200;
}

describe('judgeRequest', () => {
  it.each(['127.0.0.1:4321', 'localhost:4321', 'LOCALHOST:4321', '[::1]:4321'])(
    'allows Host %s with the cookie',
    (name) => {
      expect(judge({ url: '/assets/a.js', headers: { host: name, cookie } })).toEqual({
        kind: 'allow',
        pathname: '/assets/a.js',
      });
    },
  );

  it.each(['evil.example:4321', '127.0.0.1', '127.0.0.1:4322', 'localhost.evil.example:4321', ''])(
    'refuses Host "%s", which another name may lead to',
    (name) => {
      expect(statusOf({ headers: { host: name, cookie } })).toBe(403);
    },
  );

  it('refuses a request without Host', () => {
    expect(statusOf({ headers: { cookie } })).toBe(403);
  });

  it('lets in whoever brings the token to the start, and nowhere else', () => {
    const visit = `/?token=${token.value}`;
    expect(judge({ url: visit, headers: { host } })).toEqual({ kind: 'sign-in' });
    expect(statusOf({ url: `/assets${visit}`, headers: { host } })).toBe(401);
    expect(statusOf({ url: visit, headers: { host: 'evil.example' } })).toBe(403);
    expect(statusOf({ url: visit, headers: { host }, isUpgrade: true })).toBe(401);
  });

  it.each(['', 'x', token.value.slice(1), `${token.value}x`])('refuses the token "%s"', (text) => {
    expect(statusOf({ url: `/?token=${text}`, headers: { host } })).toBe(403);
    expect(statusOf({ headers: { host, cookie: `skerry-4321=${text}` } })).toBe(403);
  });

  it('takes the cookie of its own port alone', () => {
    expect(statusOf({ headers: { host, cookie: `skerry-4322=${token.value}` } })).toBe(401);
    expect(statusOf({ headers: { host, cookie: `a=b; skerry-4321=${token.value}; c=d` } })).toBe(
      200,
    );
  });

  it('takes the token as a bearer', () => {
    expect(statusOf({ headers: { host, authorization: `Bearer ${token.value}` } })).toBe(200);
    expect(statusOf({ headers: { host, authorization: 'Bearer wrong' } })).toBe(403);
    expect(statusOf({ headers: { host, authorization: `Basic ${token.value}` } })).toBe(401);
  });

  it.each(['http://evil.example', 'http://127.0.0.1:8080', 'https://127.0.0.1:4321', 'null'])(
    'refuses Origin %s',
    (origin) => {
      expect(statusOf({ headers: { host, cookie, origin } })).toBe(403);
      expect(statusOf({ headers: { host, cookie, origin }, isUpgrade: true })).toBe(403);
      expect(statusOf({ headers: { host, cookie, origin }, method: 'POST' })).toBe(403);
    },
  );

  it('needs an Origin for a WebSocket with the cookie', () => {
    const upgrade = { url: '/rpc', isUpgrade: true };
    expect(statusOf({ ...upgrade, headers: { host, cookie } })).toBe(403);
    expect(statusOf({ ...upgrade, headers: { host, cookie, origin: `http://${host}` } })).toBe(200);
    expect(statusOf({ ...upgrade, headers: { host, origin: `http://${host}` } })).toBe(401);
    const authorization = `Bearer ${token.value}`;
    expect(statusOf({ ...upgrade, headers: { host, authorization } })).toBe(200);
  });

  it('serves nothing but GET and HEAD', () => {
    const origin = `http://${host}`;
    expect(statusOf({ method: 'HEAD', headers: { host, cookie } })).toBe(200);
    expect(statusOf({ method: 'POST', headers: { host, cookie } })).toBe(403);
    expect(statusOf({ method: 'POST', headers: { host, cookie, origin } })).toBe(405);
    expect(statusOf({ method: 'OPTIONS', headers: { host, cookie, origin } })).toBe(405);
  });

  it.each(['http://evil.example/', '//evil.example/', '*', ''])(
    'refuses the target "%s"',
    (url) => {
      expect(statusOf({ url, headers: { host, cookie } })).toBe(400);
    },
  );
});

describe('AccessToken', () => {
  it('is new each time and long enough', () => {
    expect(Buffer.from(token.value, 'base64url')).toHaveLength(32);
    expect(new AccessToken().value).not.toBe(token.value);
  });

  it('takes a one-time token once, and within a minute', () => {
    let nowMs = 0;
    const access = new AccessToken(() => nowMs);
    const [first, second] = [access.issueOneTime(), access.issueOneTime()];
    expect(access.redeem(first)).toBe(true);
    expect(access.redeem(first)).toBe(false);
    nowMs = 60_000;
    expect(access.redeem(second)).toBe(false);
    expect(access.matches(second)).toBe(false);
    expect(access.redeem(access.value)).toBe(true);
  });

  it('forgets the oldest one-time tokens', () => {
    const access = new AccessToken();
    const oldest = access.issueOneTime();
    for (let i = 0; i < 8; i += 1) access.issueOneTime();
    expect(access.redeem(oldest)).toBe(false);
  });
});
