/** Which addresses are this machine's, for the group `host`, and how those that stand for it are reached. */
import { networkInterfaces } from 'node:os';
import { hostAddresses } from '../stack/link-addresses.ts';

/** Addresses come and go with networks and cables. */
const knownMs = 2000;

let own: { readonly addresses: ReadonlySet<string>; readonly atMs: number } | undefined;

/** Whether an address is one of this machine, other than of its loopback, or stands for it. */
export function isHostAddress(address: string): boolean {
  if (hostAddresses.has(address)) return true;
  if (own === undefined || Date.now() - own.atMs > knownMs) {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const addresses = all.filter(({ internal }) => !internal).map((each) => each.address);
    own = { addresses: new Set(addresses), atMs: Date.now() };
  }
  return own.addresses.has(address);
}

/**
 * What is dialled for an address: itself, or for one that stands for the host its loopback, that of
 * the same family first.
 */
export function dialAddresses(address: string): [string, ...string[]] {
  if (!hostAddresses.has(address)) return [address];
  return address.includes(':') ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
}
