/** Tokens for anonymous pulls (distribution specification, "Token Authentication"). */
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import { parseDocument } from './document.ts';
import { mayLeadTo } from './endpoint.ts';
import { httpRequest } from './http.ts';
import type { HttpTimeouts } from './http-answer.ts';
import { quote } from './quote.ts';
import { statusError } from './status-error.ts';
import type { Transport } from './transport.ts';

const maxTokenBytes = 64 * 1024;
const defaultLifetimeS = 60;
const maxLifetimeS = 3600;
/** A token is not used in its last seconds: the request takes time to arrive. */
const marginMs = 5000;

const tokenText = z
  .string()
  .min(1)
  .max(32 * 1024)
  .regex(/^[\x21-\x7e]+$/);
const tokenSchema = z.object({
  token: tokenText.nullish(),
  access_token: tokenText.nullish(),
  expires_in: z.number().positive().nullish(),
});

interface CachedToken {
  readonly authorization: string;
  readonly expiresAtMs: number;
}

/** What a token is asked for. */
export interface TokenRequest {
  /** The address that answered 401, and its WWW-Authenticate header. */
  readonly url: URL;
  readonly challenge: string | undefined;
  readonly repository: string;
  /** What the token has to permit; where unset, what the challenge says: to pull, as a rule. */
  readonly scopes?: readonly string[] | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport | undefined;
}

/** Fetches tokens and keeps them in memory until they expire. */
export class TokenCache {
  readonly #tokens = new Map<string, CachedToken>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** The `Authorization` header for a repository, if a token that is still good is there. */
  current(url: URL, repository: string, scopes?: readonly string[]): string | undefined {
    const cached = this.#tokens.get(keyOf(url, repository, scopes));
    if (cached && cached.expiresAtMs > this.#nowMs()) return cached.authorization;
    return undefined;
  }

  /**
   * Gets a token as the challenge says. Throws `registry/unauthorized` where the registry wants a
   * password, or gives strangers no token.
   */
  async renew(request: TokenRequest): Promise<string> {
    const { url, repository, scopes, timeouts, signal, transport } = request;
    const tokenUrl = tokenAddress(request);
    const answer = await httpRequest({
      url: tokenUrl,
      headers: { accept: 'application/json' },
      timeouts,
      signal,
      transport,
    });
    if (answer.status !== 200) {
      throw await statusError(answer, `a token for ${quote(repository)}`, 'registry/bad-answer');
    }
    const origin = { name: tokenUrl.host, malformed: 'registry/bad-answer' } as const;
    const bytes = await answer.read(maxTokenBytes);
    const document = parseDocument(bytes, 'The token', tokenSchema, origin);
    const token = document.token ?? document.access_token;
    if (!token) {
      throw new AppError('registry/bad-answer', `${quote(tokenUrl.host)} gave no token.`);
    }
    const authorization = `Bearer ${token}`;
    const lifetimeS = Math.min(document.expires_in ?? defaultLifetimeS, maxLifetimeS);
    this.#tokens.set(keyOf(url, repository, scopes), {
      authorization,
      expiresAtMs: this.#nowMs() + lifetimeS * 1000 - marginMs,
    });
    return authorization;
  }
}

function keyOf(url: URL, repository: string, scopes: readonly string[] = []): string {
  return [url.origin, repository, ...scopes].join(' ');
}

function tokenAddress({ url, challenge, repository, scopes }: TokenRequest): URL {
  const bearer = findBearer(url, challenge === undefined ? [] : parseChallenges(challenge));
  const realm = bearer.parameters.get('realm');
  const address = realm === undefined ? null : URL.parse(realm);
  if (address === null || !mayLeadTo(url, address)) {
    throw new AppError(
      'registry/bad-answer',
      `The registry at ${quote(url.host)} sends us for a token to ${quote(realm ?? '')}, which is not safe to follow.`,
    );
  }
  const service = bearer.parameters.get('service');
  if (service !== undefined) address.searchParams.set('service', service);
  const scope = bearer.parameters.get('scope') ?? `repository:${repository}:pull`;
  address.searchParams.delete('scope');
  for (const wanted of scopes ?? [scope]) address.searchParams.append('scope', wanted);
  return address;
}

function findBearer(url: URL, challenges: readonly Challenge[]): Challenge {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer) return bearer;
  const wants = challenges.some(({ scheme }) => scheme === 'basic')
    ? 'a user name and a password'
    : 'to know who asks, in no way that Skerry knows';
  throw new AppError('registry/unauthorized', `The registry at ${quote(url.host)} wants ${wants}.`);
}
