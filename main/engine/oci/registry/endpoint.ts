/** Where a registry's API is, and where its answers may lead. */
import { AppError } from '../../base/app-error.ts';
import { quote } from '../quote.ts';

/** References to docker.io mean this host; no other registry has an alias. */
const apiHosts: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** What of a registry's settings says where it may be. */
interface OriginSettings {
  readonly isInsecure?: boolean | undefined;
  readonly caFile?: string | undefined;
}

/**
 * Origins at which the API may be, to be tried in this order. Plain HTTP is only for a registry
 * on this machine, as with Docker, or one that is marked insecure; TLS on this machine only for
 * one that there is something to trust by.
 * Throws `image/reference-invalid` for a name that is no host, such as one with port 99999.
 */
export function registryOrigins(
  registry: string,
  { isInsecure = false, caFile }: OriginSettings = {},
): [URL, ...URL[]] {
  const host = Object.hasOwn(apiHosts, registry) ? apiHosts[registry] : registry;
  let https: URL;
  try {
    https = new URL(`https://${host ?? registry}/`);
  } catch (cause) {
    const message = `${quote(registry)} is not the name of a registry.`;
    throw new AppError('image/reference-invalid', message, { cause });
  }
  // The port must survive: setting the protocol would drop 443 and keep 80.
  const http = new URL(`http://${host ?? registry}/`);
  if (isInsecure) return [https, http];
  if (!isLoopback(https)) return [https];
  return caFile === undefined ? [http] : [https, http];
}

/** Whether the host is this machine by its very name: localhost, 127.0.0.0/8 or [::1]. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/.test(hostname) ||
    // 127.0.0.0/8 mapped into IPv6, as the URL parser writes it.
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname)
  );
}

/**
 * Whether an answer of `from` may send us to `to`: never from https to http, to plain http only on
 * the host that is spoken to so already, never with a password in the address, and never from
 * elsewhere to this machine.
 */
export function mayLeadTo(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '') return false;
  if (isLoopback(to)) {
    return isLoopback(from) && (to.protocol === 'http:' || to.protocol === 'https:');
  }
  if (to.protocol === 'https:') return true;
  return to.protocol === 'http:' && from.protocol === 'http:' && to.hostname === from.hostname;
}
