/**
 * Asks for a token as a challenge says: the distribution specification, "Token Authentication",
 * and "OAuth2 Token Authentication" for identity tokens.
 */
import { z } from 'zod';
import type { Credential } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import type { Challenge } from './challenge.ts';
import { basicAuthorization, secretForms, secretInWords, userInWords } from './credential-words.ts';
import { parseDocument } from '../document.ts';
import { mayLeadTo } from './endpoint.ts';
import type { HttpAnswer, HttpTimeouts } from './http-answer.ts';
import { httpPostForm, httpRequest } from './http.ts';
import { quote } from '../quote.ts';
import { withoutSecrets } from './redacted-answer.ts';
import { evidence, statusError } from './status-error.ts';
import type { Transport } from './transport.ts';

const maxTokenBytes = 64 * 1024;
const defaultLifetimeS = 60;
const maxLifetimeS = 3600;

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

/** What a token is asked for. */
export interface TokenRequest {
  /** As people name it, for messages. */
  readonly registry: string;
  /** The address that answered 401. */
  readonly url: URL;
  readonly bearer: Challenge;
  readonly scopes: readonly string[];
  /** For messages: `"team/app"`. */
  readonly what: string;
  readonly credential: Credential | undefined;
  readonly timeouts: HttpTimeouts;
  readonly signal?: AbortSignal | undefined;
  /** How its registry is reached. */
  readonly transport?: Transport | undefined;
}

/** A token, and for how long it is good. */
export interface Token {
  readonly value: string;
  readonly lifetimeS: number;
}

/**
 * Gets a token from the realm that the registry named.
 * @throws AppError `registry/wrong-password`, `registry/forbidden`; `registry/unauthorized` where
 * strangers get none; `registry/bad-answer`, also for a realm that is not safe to ask
 */
export async function requestToken(request: TokenRequest): Promise<Token> {
  const { credential } = request;
  const realm = realmOf(request);
  const secrets = credential === undefined ? [] : secretForms(credential);
  const answer = withoutSecrets(await ask(request, realm), secrets);
  if (answer.status !== 200) throw await refusal(answer, request);
  const origin = { name: realm.host, malformed: 'registry/bad-answer' } as const;
  const bytes = await answer.read(maxTokenBytes);
  const document = parseDocument(bytes, 'The token', tokenSchema, origin);
  const value = document.token ?? document.access_token;
  if (!value) throw new AppError('registry/bad-answer', `${quote(realm.host)} gave no token.`);
  const lifetimeS = Math.min(document.expires_in ?? defaultLifetimeS, maxLifetimeS);
  return { value, lifetimeS };
}

/**
 * An identity token is exchanged with POST; a server that knows no POST is asked as all are, with
 * GET. An access token that a registry gives for no scope at all is a login.
 */
async function ask(request: TokenRequest, realm: URL): Promise<HttpAnswer> {
  const { bearer, scopes, credential, timeouts, signal, transport } = request;
  const how = { headers: { accept: 'application/json' }, timeouts, signal, transport };
  const service = bearer.parameters.get('service');
  if (credential !== undefined && 'identityToken' in credential) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'skerry',
      refresh_token: credential.identityToken,
      ...(service !== undefined && { service }),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    });
    const answer = await httpPostForm({ url: realm, ...how }, form);
    if (answer.status !== 404 && answer.status !== 405) return answer;
    await answer.discard();
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization = credential && basicAuthorization(credential);
  return await httpRequest({ url, authorization, ...how });
}

function realmOf({ url, bearer, registry, credential }: TokenRequest): URL {
  const realm = bearer.parameters.get('realm');
  const address = realm === undefined ? null : URL.parse(realm);
  const isDowngrade = url.protocol === 'https:' && address?.protocol !== 'https:';
  if (address === null || !mayLeadTo(url, address) || (credential && isDowngrade)) {
    throw new AppError(
      'registry/bad-answer',
      `The registry at ${quote(registry)} sends us for a token to ${quote(realm ?? '')}, which is not safe to follow.`,
    );
  }
  return address;
}

async function refusal(answer: HttpAnswer, request: TokenRequest): Promise<Error> {
  const { credential, registry, what } = request;
  const { status } = answer;
  if (credential === undefined || !answer.sameOrigin) return await otherRefusal(answer, what);
  // RFC 6749, section 5.2: a refresh token that is no good is "invalid_grant", status 400.
  const isWrong = status === 401 || (status === 400 && 'identityToken' in credential);
  if (isWrong) {
    const message = `The registry ${quote(registry)} refused ${secretInWords(credential)}.`;
    return new AppError('registry/wrong-password', message, { details: await evidence(answer) });
  }
  if (status !== 403) return await otherRefusal(answer, what);
  const message = `The registry ${quote(registry)} gives ${userInWords(credential)} no token for ${what}.`;
  return new AppError('registry/forbidden', message, { details: await evidence(answer) });
}

async function otherRefusal(answer: HttpAnswer, what: string): Promise<Error> {
  return await statusError(answer, `a token for ${what}`, 'registry/bad-answer');
}
