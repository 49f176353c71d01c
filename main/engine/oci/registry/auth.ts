/** Who we are at a registry: nobody, a user (Basic, RFC 7617), or the bearer of a token. */
import type { Credential } from '../../../contract/registry.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import {
  basicAuthorization,
  credentialKey,
  secretForms,
  secretInWords,
  userInWords,
} from './credential-words.ts';
import type { HttpAnswer, HttpTimeouts } from './http-answer.ts';
import { quote } from '../quote.ts';
import { withoutSecrets } from './redacted-answer.ts';
import { askedScopes, wantedScopes, type Wanted } from './scopes.ts';
import { TokenCache } from './token-cache.ts';
import { evidence } from './status-error.ts';
import { requestToken } from './token-request.ts';
import type { Transport } from './transport.ts';

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
export interface AuthorizedRequest extends Wanted, CredentialSearch {
  /** Of the registry's own origin: whoever is there is told the password. */
  readonly url: URL;
  /** In place of any that is kept. */
  readonly credential?: Credential | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
  /** How its registry is reached. */
  readonly transport?: Transport | undefined;
}

/** Makes the one request, with this `Authorization`; it may be called twice. */
export type Send = (authorization: string | undefined) => Promise<HttpAnswer>;

/** Who asks, as far as it is known. */
interface Asker {
  readonly credential: Credential | undefined;
  /** Why the credential that is kept cannot be read. */
  readonly problem?: AppError;
}

type Scheme = 'basic' | 'bearer';

/** More origins than anybody uses; then they are learnt anew. */
const maxOrigins = 1000;

const nobody: FindCredential = () => Promise.resolve(undefined);

/** Authenticates requests. Nobody is looked for before a registry wants to know who asks. */
export class RegistryAuth {
  readonly #find: FindCredential;
  readonly #tokens: TokenCache;
  /** How each origin wants to be told. */
  readonly #schemes = new Map<string, Scheme>();

  constructor(find: FindCredential = nobody, nowMs?: () => number) {
    this.#find = find;
    this.#tokens = new TokenCache(nowMs);
  }

  /**
   * Sends a request, and once more with what the registry asks for. The answer to somebody without
   * a credential is returned whatever its status.
   * @throws AppError `registry/wrong-password`, `registry/forbidden` where a credential was used;
   * `registry/unauthorized`, `registry/bad-answer` where the challenge cannot be met;
   * `credentials/unreadable` where the one that is kept was needed
   */
  async send(request: AuthorizedRequest, send: Send): Promise<HttpAnswer> {
    const { url } = request;
    const scheme = this.#schemes.get(url.origin);
    const known = scheme && (await this.#asker(request, false));
    const authorization = known && this.#authorization(request, scheme, known.credential);
    const answer = await send(authorization);
    if (answer.status !== 401 || !answer.sameOrigin) {
      return await this.#judge(answer, request, known, authorization);
    }
    const challenges = parseChallenges(answer.header('www-authenticate') ?? '');
    await answer.discard();
    const wasRefused = known?.credential !== undefined && authorization !== undefined;
    const asker = wasRefused || !known ? await this.#asker(request, wasRefused) : known;
    const renewed = await this.#meet(request, challenges, asker);
    return await this.#judge(await send(renewed), request, asker, renewed);
  }

  async #asker(request: AuthorizedRequest, isAgain: boolean): Promise<Asker> {
    const { registry, repository, credential, signal } = request;
    if (credential !== undefined) return { credential };
    try {
      return { credential: await this.#find({ registry, repository }, { signal, isAgain }) };
    } catch (error) {
      // What is public can be had all the same.
      if (!isAppError(error, 'credentials/unreadable')) throw error;
      return { credential: undefined, problem: error };
    }
  }

  #authorization(
    request: AuthorizedRequest,
    scheme: Scheme,
    credential: Credential | undefined,
  ): string | undefined {
    if (scheme === 'basic') {
      const isPassword = credential !== undefined && 'password' in credential;
      return isPassword ? basicAuthorization(credential) : undefined;
    }
    const token = this.#tokens.get(tokenKey(request, credential));
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  /** The `Authorization` that the registry asks for. */
  async #meet(
    request: AuthorizedRequest,
    challenges: readonly Challenge[],
    { credential, problem }: Asker,
  ): Promise<string> {
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer === undefined) {
      const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
      if (isBasic) this.#learn(request.url, 'basic');
      if (isBasic && credential !== undefined && 'password' in credential) {
        return basicAuthorization(credential);
      }
      throw problem ?? unmet(request, isBasic, credential);
    }
    this.#learn(request.url, 'bearer');
    const { registry, repository } = request;
    const what = quote(repository ?? registry);
    const scopes = askedScopes(request, bearer.parameters.get('scope'));
    const token = await requestToken({ ...request, bearer, scopes, what, credential }).catch(
      (error: unknown) => {
        throw isAppError(error, 'registry/unauthorized') ? (problem ?? error) : error;
      },
    );
    this.#tokens.set(tokenKey(request, credential), token);
    return `Bearer ${token.value}`;
  }

  /** What an answer means to who asked. */
  async #judge(
    answer: HttpAnswer,
    request: AuthorizedRequest,
    asker: Asker | undefined,
    authorization: string | undefined,
  ): Promise<HttpAnswer> {
    const credential = asker?.credential;
    const isRefusal = answer.sameOrigin && (answer.status === 401 || answer.status === 403);
    if (isRefusal && asker?.problem !== undefined) {
      await answer.discard();
      throw asker.problem;
    }
    if (authorization === undefined) return answer;
    const token = authorization.slice(authorization.indexOf(' ') + 1);
    const redacted = withoutSecrets(answer, [
      token,
      ...(credential ? secretForms(credential) : []),
    ]);
    if (!isRefusal || credential === undefined) return redacted;
    // Its token is refused by a registry that does not believe its token server.
    if (isInvalidToken(answer)) return redacted;
    const details = await evidence(redacted);
    if (answer.status === 401 && authorization.startsWith('Basic ')) {
      const message = `The registry ${quote(request.registry)} refused ${secretInWords(credential)}.`;
      throw new AppError('registry/wrong-password', message, { details });
    }
    throw new AppError('registry/forbidden', forbidden(request, credential), { details });
  }

  #learn(url: URL, scheme: Scheme): void {
    if (this.#schemes.size >= maxOrigins) this.#schemes.clear();
    this.#schemes.set(url.origin, scheme);
  }
}

/** Another credential has tokens of its own, so that a change of it is heeded at once. */
function tokenKey(request: AuthorizedRequest, credential: Credential | undefined): string {
  const { url } = request;
  return [url.origin, ...wantedScopes(request), credentialKey(credential)].join(' ');
}

/** RFC 6750, section 3.1: as opposed to a token that is good for less. */
function isInvalidToken(answer: HttpAnswer): boolean {
  const challenges = parseChallenges(answer.header('www-authenticate') ?? '');
  return challenges.some(({ parameters }) => parameters.get('error') === 'invalid_token');
}

function unmet(
  { registry }: AuthorizedRequest,
  isBasic: boolean,
  credential: Credential | undefined,
): AppError {
  const wants = isBasic
    ? 'a user name and a password'
    : 'to know who asks, in no way that Skerry knows';
  const butHas = isBasic && credential !== undefined ? ', and there is an identity token' : '';
  const message = `The registry at ${quote(registry)} wants ${wants}${butHas}.`;
  return new AppError('registry/unauthorized', message);
}

function forbidden(request: AuthorizedRequest, credential: Credential): string {
  const { registry, repository, actions } = request;
  const who = userInWords(credential);
  if (repository === undefined) return `The registry ${quote(registry)} does not let ${who} in.`;
  const deed = actions === 'pull,push' ? 'push to' : 'pull from';
  return `The registry ${quote(registry)} does not permit ${who} to ${deed} ${quote(repository)}.`;
}
