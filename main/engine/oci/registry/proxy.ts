/** Which proxy a request goes through, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. */
import ipaddr from 'ipaddr.js';
import { AppError } from '../../base/app-error.ts';
import { isLoopback } from './endpoint.ts';

/** Environment variables. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address; undefined where it is asked directly, which is always so for this
 * machine. The names in lower case come first, as with curl. Throws `registry/unreachable` for
 * what is no address of a proxy, without its text: a password may be in it.
 */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | undefined {
  if (isLoopback(url)) return undefined;
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const text = variable(name, environment);
  if (text === '' || isExcepted(url, variable('no_proxy', environment))) return undefined;
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (proxy !== null && ['http:', 'https:'].includes(proxy.protocol)) return proxy;
  throw new AppError(
    'registry/unreachable',
    `The variable ${name.toUpperCase()} does not hold the address of an HTTP proxy.`,
    { hint: 'Set it to an address such as http://proxy.example:3128, or unset it.' },
  );
}

function variable(name: string, environment: ProxyEnvironment): string {
  return (environment[name] ?? environment[name.toUpperCase()] ?? '').trim();
}

/** Entries are `*`, a name that also stands for those below it, an address or a range; each with a port or without. */
function isExcepted(url: URL, list: string): boolean {
  const host = bare(url.hostname);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const withPort = /^(.*[^:]|\[.*\]):(\d{1,5})$/.exec(entry);
      const isPorted = withPort !== null && !ipaddr.isValid(entry);
      if (isPorted && withPort[2] !== port) return false;
      return isHost(host, bare((isPorted ? withPort[1] : entry) ?? ''));
    });
}

function isHost(host: string, entry: string): boolean {
  if (ipaddr.isValid(host)) return isAddress(host, entry);
  const name = entry.toLowerCase().replace(/^\*?\./, '');
  return host === name || host.endsWith(`.${name}`);
}

function isAddress(host: string, entry: string): boolean {
  const address = ipaddr.process(host);
  if (ipaddr.isValid(entry)) return ipaddr.process(entry).toString() === address.toString();
  if (!ipaddr.isValidCIDR(entry)) return false;
  const range = ipaddr.parseCIDR(entry);
  return range[0].kind() === address.kind() && address.match(range);
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
