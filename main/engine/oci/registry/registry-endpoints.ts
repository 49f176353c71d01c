/** Finds where the API of a registry is, by its settings. */
import type { RegistrySettings } from '../../../contract/registry.ts';
import { isAppError } from '../../base/app-error.ts';
import { readAuthorities } from './authorities.ts';
import { registryOrigins } from './endpoint.ts';
import { httpRequest } from './http.ts';
import type { HttpTimeouts } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import { defaultRegistrySettings } from './registry-settings.ts';
import { Transports, type Transport } from './transport.ts';

/** Where a registry is, and how requests travel there. */
export interface RegistryEndpoint {
  readonly origin: URL;
  readonly transport: Transport;
}

/** Settings of a registry; undefined where it has none. */
export type SettingsOf = (registry: string) => RegistrySettings | undefined;

/** Options of {@link RegistryEndpoints}. */
export interface RegistryEndpointsOptions {
  readonly settingsOf?: SettingsOf | undefined;
  readonly transports?: Transports | undefined;
  readonly timeouts: HttpTimeouts;
}

/** One that does not answer TLS at once is tried without. */
const probeMs = 10_000;

/** Endpoints of registries; which of several origins one has is remembered. */
export class RegistryEndpoints {
  readonly #settingsOf: SettingsOf;
  readonly #transports: Transports;
  readonly #timeouts: HttpTimeouts;
  readonly #found = new Map<string, { readonly settings: string; readonly origin: URL }>();

  constructor(options: RegistryEndpointsOptions) {
    this.#settingsOf = options.settingsOf ?? (() => undefined);
    this.#transports = options.transports ?? new Transports();
    this.#timeouts = options.timeouts;
  }

  /**
   * Asks nobody unless the settings leave open whether the registry speaks TLS. Throws
   * `registry/tls-failed` for a file of authorities without any, and whatever a request throws.
   */
  async find(registry: string, signal?: AbortSignal): Promise<RegistryEndpoint> {
    const settings = this.#settingsOf(registry) ?? defaultRegistrySettings;
    const { caFile, isInsecure } = settings;
    const origins = registryOrigins(registry, settings);
    const transport = this.#transports.with({
      ...(caFile !== undefined && { authorities: await readAuthorities(caFile) }),
      ...(isInsecure && { insecureHost: origins[0].hostname }),
    });
    const [first, second] = origins;
    if (second === undefined) return { origin: first, transport };
    const key = JSON.stringify(settings);
    const found = this.#found.get(registry);
    if (found?.settings === key) return { origin: found.origin, transport };
    const origin = await this.#choose(first, second, transport, signal);
    this.#found.set(registry, { settings: key, origin });
    return { origin, transport };
  }

  /** Looks anew next time: the registry may speak otherwise now. */
  forget(registry: string): void {
    this.#found.delete(registry);
  }

  async #choose(
    https: URL,
    http: URL,
    transport: Transport,
    signal: AbortSignal | undefined,
  ): Promise<URL> {
    const headersMs = Math.min(probeMs, this.#timeouts.headersMs);
    const timeouts = { ...this.#timeouts, headersMs };
    const probe = async (origin: URL): Promise<void> => {
      const url = new URL('v2/', origin);
      await (await httpRequest({ url, method: 'HEAD', timeouts, signal, transport })).discard();
    };
    try {
      await probe(https);
      return https;
    } catch (error) {
      if (!mayBePlain(error)) throw error;
    }
    await probe(http);
    return http;
  }
}

/** Whether plain HTTP may still work. A certificate that is refused tells that TLS is spoken. */
function mayBePlain(error: unknown): boolean {
  if (error instanceof TransientError) return true;
  return isAppError(error, 'registry/tls-failed') && error.details?.['speaksTls'] === false;
}
