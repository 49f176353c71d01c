/**
 * Decides whether a request on the loopback address may be served. Any web page of the user's
 * browser and any local user can send one, so `Host`, `Origin` and a secret are all needed.
 */
import type { IncomingMessage } from 'node:http';
import type { AccessToken } from './access-token.ts';

/** What is to become of a request. */
export type Verdict =
  | { readonly kind: 'allow'; readonly pathname: string }
  /** A first visit with the right token: set the cookie and go to `/`. */
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 403 | 405; readonly reason: string };

/** Cookies know no ports, so the name tells two host processes apart. */
export function cookieName(port: number): string {
  return `skerry-${String(port)}`;
}

/** Judges a request by its headers alone. */
export function judgeRequest(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly isUpgrade: boolean },
  port: number,
  token: AccessToken,
): Verdict {
  const { headers, isUpgrade } = request;
  const host = headers.host?.toLowerCase();
  if (host === undefined || !ownHosts(port).includes(host)) {
    return refuse(
      403,
      'The address is not one of this Skerry. Through a tunnel, use the same port number on both ends.',
    );
  }
  const url = parseTarget(request.url, host);
  if (url === undefined) return refuse(400, 'The request is malformed.');

  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const { origin } = headers;
  const isForeign = origin === undefined ? !isRead : origin !== `http://${host}`;
  if (isForeign) return refuse(403, 'The request comes from a page that is not of this Skerry.');
  if (!isRead) return refuse(405, 'Only GET and HEAD are served.');

  const visit = url.pathname === '/' && !isUpgrade ? url.searchParams.get('token') : null;
  if (visit !== null) {
    return token.redeem(visit)
      ? { kind: 'sign-in' }
      : refuse(403, 'The token in the address is wrong or was used.');
  }
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const cookie = readCookie(headers.cookie, cookieName(port));
  const secret = bearer ?? cookie;
  if (secret === undefined) return refuse(401, 'This browser has not been let in.');
  if (!token.matches(secret)) {
    return refuse(403, 'This browser was let in by a Skerry that has ended since.');
  }
  // Browsers name the origin of every WebSocket; only a program with the token may leave it out.
  if (isUpgrade && origin === undefined && bearer === undefined) {
    return refuse(403, 'The request does not say which page it comes from.');
  }
  return { kind: 'allow', pathname: url.pathname };
}

function refuse(status: 400 | 401 | 403 | 405, reason: string): Verdict {
  return { kind: 'refuse', status, reason };
}

function ownHosts(port: number): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${String(port)}`);
}

/** Only the origin form of RFC 9112 section 3.2.1: a path, which does not begin with `//`. */
function parseTarget(target: string | undefined, host: string): URL | undefined {
  if (target?.startsWith('/') !== true || target.startsWith('//')) return undefined;
  return URL.parse(`http://${host}${target}`) ?? undefined;
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
