/** Requests to the APIs of registries, each with what it takes to be let in. */
import { TokenCache } from './auth.ts';
import { httpRequest, type HttpRequest } from './http.ts';
import type { HttpAnswer, HttpTimeouts } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import type { RegistryEndpoints } from './registry-endpoints.ts';

/** A request to a repository of a registry. */
export interface ApiRequest extends Pick<HttpRequest, 'method' | 'headers' | 'body' | 'signal'> {
  readonly registry: string;
  readonly repository: string;
  /** Below the repository: `manifests/latest`. Or an address that the registry has given. */
  readonly path: string | URL;
  /** What the token has to permit, where it is more than to pull: see {@link pushScopes}. */
  readonly scopes?: readonly string[] | undefined;
}

/** Scopes of a push to a repository, with blobs mounted from others (Docker's token specification). */
export function pushScopes(repository: string, from: readonly string[] = []): string[] {
  return [`repository:${repository}:pull,push`, ...from.map((other) => `repository:${other}:pull`)];
}

/** See the head of this file. */
export class RegistryRequests {
  readonly #endpoints: RegistryEndpoints;
  readonly #timeouts: HttpTimeouts;
  readonly #tokens = new TokenCache();

  constructor(endpoints: RegistryEndpoints, timeouts: HttpTimeouts) {
    this.#endpoints = endpoints;
    this.#timeouts = timeouts;
  }

  /** One request, with a token where the registry asks for one; elsewhere nothing says who we are. */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    const { registry, repository, path, scopes, ...carried } = request;
    const { origin, transport } = await this.#endpoints.find(registry, request.signal);
    const url = path instanceof URL ? path : new URL(`v2/${repository}/${path}`, origin);
    const sent = { ...carried, url, transport, timeouts: this.#timeouts };
    try {
      if (url.origin !== origin.origin) return await httpRequest(sent);
      const authorization = this.#tokens.current(url, repository, scopes);
      const answer = await httpRequest({ ...sent, authorization });
      if (answer.status !== 401 || !answer.sameOrigin) return answer;
      const challenge = answer.header('www-authenticate');
      await answer.discard();
      const renewed = await this.#tokens.renew({ ...sent, challenge, repository, scopes });
      return await httpRequest({ ...sent, authorization: renewed });
    } catch (error) {
      if (error instanceof TransientError) this.#endpoints.forget(registry);
      throw error;
    }
  }
}
