/** Requests to the APIs of registries, each with what it takes to be let in. */
import { isAppError } from '../../base/app-error.ts';
import { RegistryAuth, type AuthorizedRequest, type FindCredential } from './auth.ts';
import { httpRequest, type HttpRequest } from './http.ts';
import type { HttpAnswer, HttpTimeouts } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import type { RegistryEndpoints } from './registry-endpoints.ts';

/** A request to a registry. */
export interface ApiRequest
  extends
    Pick<HttpRequest, 'method' | 'headers' | 'body' | 'signal'>,
    Pick<AuthorizedRequest, 'registry' | 'repository' | 'actions' | 'moreScopes' | 'credential'> {
  /**
   * Below the repository, `manifests/latest`, or below the API where there is none. Or an address
   * that the registry has given.
   */
  readonly path: string | URL;
}

/** See the head of this file. */
export class RegistryRequests {
  readonly #endpoints: RegistryEndpoints;
  readonly #timeouts: HttpTimeouts;
  readonly #auth: RegistryAuth;

  constructor(
    endpoints: RegistryEndpoints,
    timeouts: HttpTimeouts,
    findCredential?: FindCredential,
  ) {
    this.#endpoints = endpoints;
    this.#timeouts = timeouts;
    this.#auth = new RegistryAuth(findCredential);
  }

  /** One request, by whom the registry wants to hear of; elsewhere nothing says who we are. */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    const { registry, repository, path, actions, moreScopes, credential, ...carried } = request;
    const { origin, transport } = await this.#endpoints.find(registry, request.signal);
    const below = repository === undefined ? 'v2/' : `v2/${repository}/`;
    const url = path instanceof URL ? path : new URL(`${below}${path}`, origin);
    const sent = { ...carried, url, transport, timeouts: this.#timeouts };
    try {
      if (url.origin !== origin.origin) return await httpRequest(sent);
      const { signal, timeouts } = sent;
      const answer = await this.#auth.send(
        { url, registry, repository, actions, moreScopes, credential, signal, timeouts, transport },
        (authorization) => httpRequest({ ...sent, authorization }),
      );
      // So says a server that speaks TLS by now: the next password is not to go in the clear.
      if (answer.status === 400 && url.protocol === 'http:') this.#endpoints.forget(registry);
      return answer;
    } catch (error) {
      const mayHaveChanged =
        error instanceof TransientError || isAppError(error, 'registry/tls-failed');
      if (mayHaveChanged) this.#endpoints.forget(registry);
      throw error;
    }
  }

  /** Asks for the API itself and says nothing of who asks. The answer may be 401. */
  async askOnce(registry: string, signal?: AbortSignal): Promise<HttpAnswer> {
    const { origin, transport } = await this.#endpoints.find(registry, signal);
    const url = new URL('v2/', origin);
    return await httpRequest({ url, timeouts: this.#timeouts, signal, transport });
  }
}
