/** Who we are at a registry (distribution specification, "Token Authentication"). */
import { z } from 'zod';
import type { Credential } from '../../contract/registry.ts';
import { AppError } from '../base/app-error.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import { parseDocument } from './document.ts';
import { mayLeadTo } from './endpoint.ts';
import { httpRequest } from './http.ts';
import type { HttpAnswer, HttpTimeouts } from './http-answer.ts';
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

/** What a credential is looked for. */
export interface CredentialSearch {
  /** As people name it: `docker.io`. */
  readonly registry: string;
  /** There may be one for a part of the registry alone. */
  readonly repository?: string | undefined;
}

/** Finds the credential that is kept for a registry. Throws `credentials/unreadable`. */
export type FindCredential = (
  search: CredentialSearch,
  options: {
    readonly signal?: AbortSignal | undefined;
    /** What was found a moment ago was refused: look again. */
    readonly isAgain?: boolean;
  },
) => Promise<Credential | undefined>;

/** A request to the API of a registry that may have to say who asks. */
export interface AuthorizedRequest extends CredentialSearch {
  /** Of the registry's own origin: whoever is there is told the password. */
  readonly url: URL;
  /** `pull` by default. */
  readonly actions?: 'pull' | 'pull,push' | undefined;
  /** Further scopes, as `repository:other/app:pull` of a mount from there. */
  readonly moreScopes?: readonly string[] | undefined;
  /** In place of any that is kept. */
  readonly credential?: Credential | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
  /** How its registry is reached. */
  readonly transport?: Transport | undefined;
}

/** Makes the one request, with this `Authorization`; it may be called twice. */
type Send = (authorization: string | undefined) => Promise<HttpAnswer>;

const nobody: FindCredential = () => Promise.resolve(undefined);

/** Authenticates requests, and keeps tokens in memory until they expire. */
export class RegistryAuth {
  readonly #find: FindCredential;
  readonly #nowMs: () => number;
  readonly #tokens = new Map<string, CachedToken>();

  constructor(find: FindCredential = nobody, nowMs: () => number = Date.now) {
    this.#find = find;
    this.#nowMs = nowMs;
  }

  /**
   * Sends a request, and once more with what the registry asks for. Throws
   * `registry/wrong-password`, `registry/unauthorized` or `registry/bad-answer`.
   */
  async send(request: AuthorizedRequest, send: Send): Promise<HttpAnswer> {
    const cached = this.#tokens.get(keyOf(request));
    const isGood = cached !== undefined && cached.expiresAtMs > this.#nowMs();
    const answer = await send(isGood ? cached.authorization : undefined);
    if (answer.status !== 401 || !answer.sameOrigin) return answer;
    const challenge = parseChallenges(answer.header('www-authenticate') ?? '');
    await answer.discard();
    const credential = request.credential ?? (await this.#find(request, request));
    const basic = credential && basicAuthorization(credential);
    if (basic === undefined || challenge.some(({ scheme }) => scheme === 'bearer')) {
      return await send(await this.#renew(request, challenge, basic));
    }
    const second = await send(basic);
    if (second.status === 401) throw wrongPassword(request);
    return second;
  }

  async #renew(
    request: AuthorizedRequest,
    challenges: readonly Challenge[],
    basic: string | undefined,
  ): Promise<string> {
    const { timeouts, signal, transport, registry, repository = registry } = request;
    const tokenUrl = tokenAddress(request, challenges);
    const answer = await httpRequest({
      url: tokenUrl,
      headers: { accept: 'application/json' },
      authorization: basic,
      timeouts,
      signal,
      transport,
    });
    if (answer.status === 401 && basic !== undefined) throw wrongPassword(request);
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
    this.#tokens.set(keyOf(request), {
      authorization,
      expiresAtMs: this.#nowMs() + lifetimeS * 1000 - marginMs,
    });
    return authorization;
  }
}

function keyOf(request: AuthorizedRequest): string {
  return [request.url.origin, request.repository ?? '', ...scopesOf(request)].join(' ');
}

function scopesOf({ repository, actions = 'pull', moreScopes = [] }: AuthorizedRequest): string[] {
  return [
    ...(repository === undefined ? [] : [`repository:${repository}:${actions}`]),
    ...moreScopes,
  ];
}

function basicAuthorization(credential: Credential): string {
  const [user, password] =
    'identityToken' in credential
      ? ['<token>', credential.identityToken]
      : [credential.username, credential.password];
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function wrongPassword({ registry }: AuthorizedRequest): AppError {
  return new AppError(
    'registry/wrong-password',
    `The registry ${quote(registry)} refused the password.`,
  );
}

function tokenAddress(request: AuthorizedRequest, challenges: readonly Challenge[]): URL {
  const { url, actions } = request;
  const bearer = findBearer(url, challenges);
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
  const named = bearer.parameters.get('scope');
  const scopes = named !== undefined && actions !== 'pull,push' ? [named] : scopesOf(request);
  address.searchParams.delete('scope');
  for (const scope of scopes) address.searchParams.append('scope', scope);
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
