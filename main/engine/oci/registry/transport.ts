/** The connections that requests go over: whose certificates are taken, and through which proxy. */
import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { proxyFor, type ProxyEnvironment } from './proxy.ts';

/** Whose certificates are taken besides those that this machine trusts. */
export interface Trust {
  /** The host whose certificate may be anybody's, as the URL parser writes it. */
  readonly insecureHost?: string | undefined;
  /** Further certificate authorities, PEM. */
  readonly authorities?: readonly string[] | undefined;
}

/** How a request travels. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** Host and port of the proxy that it goes through. */
  readonly proxy: string | undefined;
}

/** See {@link Transports.with}. */
export interface Transport {
  /** Throws `registry/unreachable` where the environment names a proxy that is none. */
  routeTo(url: URL): Route;
}

/** Bounds the connections that are kept for settings which have changed since. */
const maxDispatchers = 64;

/** Connections, kept open between requests and shared by all who trust the same. */
export class Transports {
  readonly #environment: ProxyEnvironment;
  readonly #dispatchers = new Map<string, Dispatcher>();

  constructor(environment: ProxyEnvironment = process.env) {
    this.#environment = environment;
  }

  /** Requests of one registry: to it, to where it redirects, and to its token server. */
  with(trust: Trust = {}): Transport {
    const { authorities = [], insecureHost } = trust;
    const key = createHash('sha256').update(authorities.join('\n')).digest('hex');
    return {
      routeTo: (url) => {
        const proxy = proxyFor(url, this.#environment);
        const kind =
          url.protocol === 'http:' ? 'plain' : url.hostname === insecureHost ? 'any' : 'trusted';
        const open = (): Dispatcher => openDispatcher(proxy, tlsOptions(kind, authorities));
        const dispatcher = this.#dispatcher([kind, key, proxy?.href].join(' '), open);
        return { proxy: proxy?.host, dispatcher };
      },
    };
  }

  #dispatcher(key: string, open: () => Dispatcher): Dispatcher {
    const found = this.#dispatchers.get(key);
    if (found !== undefined) return found;
    const opened = open();
    this.#dispatchers.set(key, opened);
    for (const [oldest, dispatcher] of this.#dispatchers) {
      if (this.#dispatchers.size <= maxDispatchers) break;
      this.#dispatchers.delete(oldest);
      // It ends its requests first.
      void dispatcher.close();
    }
    return opened;
  }
}

/** Whose certificates are taken; what is not encrypted has none. */
type Certificates = 'plain' | 'any' | 'trusted';

interface TlsOptions {
  readonly rejectUnauthorized?: boolean;
  readonly secureContext?: SecureContext;
}

function tlsOptions(certificates: Certificates, authorities: readonly string[]): TlsOptions {
  if (certificates === 'plain') return {};
  if (certificates === 'any') return { rejectUnauthorized: false };
  // Node by itself trusts what came with it, and not what was added to this machine. Read once:
  // there are hundreds, and each connection would read them anew.
  const machine = [...getCACertificates('default'), ...getCACertificates('system')];
  const secureContext = createSecureContext({ ca: [...new Set([...machine, ...authorities])] });
  // Said, for NODE_TLS_REJECT_UNAUTHORIZED would say otherwise for every registry.
  return { rejectUnauthorized: true, secureContext };
}

function openDispatcher(proxy: URL | undefined, tls: TlsOptions): Dispatcher {
  // Every wait is bounded by the request itself.
  const waits = { headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === undefined) return new Agent({ ...waits, connect: tls });
  return new ProxyAgent({
    ...waits,
    uri: proxy.origin,
    requestTls: tls,
    proxyTls: { rejectUnauthorized: true },
    // Proxies let CONNECT pass to 443 as a rule; what is not encrypted is asked of them itself.
    proxyTunnel: false,
    ...(proxy.username !== '' && { token: proxyAuthorization(proxy) }),
  });
}

function proxyAuthorization({ username, password }: URL): string {
  const text = [username, password].map(decodeText).join(':');
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** For requests that no registry's settings apply to. */
export const defaultTransport: Transport = new Transports().with();
