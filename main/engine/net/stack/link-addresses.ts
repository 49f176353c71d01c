/**
 * The addresses on a sandbox's link, the same for every sandbox: each link is one of its own.
 * 192.0.0.0/29 is set aside for uses within one machine (RFC 7335), so that no network that a user
 * may want to reach has it.
 */
import { sameAddress, type Address } from '../wire/address.ts';

/** Largest IP packet on the link: a multiple of 8 below 64 KiB, as virtio and QEMU take it. */
export const linkMtu = 65_520;

/** MAC addresses, locally administered. */
export const macs = {
  guest: Uint8Array.of(2, 0, 0, 0, 0, 2),
  gateway: Uint8Array.of(2, 0, 0, 0, 0, 1),
} as const;

/** IPv4 of both ends. The gateway is the router, the name server, and what the host is reached at. */
export const ipv4 = {
  guest: Uint8Array.of(192, 0, 0, 2),
  gateway: Uint8Array.of(192, 0, 0, 1),
  broadcast: Uint8Array.of(192, 0, 0, 7),
  prefix: 29,
} as const;

/** Of a guest that does not know its own yet (RFC 2131, section 4.1). */
export const anyAddress: Address = new Uint8Array(4);

/** A unique local prefix (RFC 4193): "Skerry" in ASCII. */
export const ipv6 = {
  guest: Uint8Array.of(0xfd, 0x53, 0x6b, 0x65, 0x72, 0x72, 0x79, 0, 0, 0, 0, 0, 0, 0, 0, 2),
  gateway: Uint8Array.of(0xfd, 0x53, 0x6b, 0x65, 0x72, 0x72, 0x79, 0, 0, 0, 0, 0, 0, 0, 0, 1),
  /** By which the gateway speaks as a router. */
  gatewayOnLink: Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
  prefix: 64,
} as const;

/** The addresses that stand for the host, as text. */
export const hostAddresses: ReadonlySet<string> = new Set(['192.0.0.1', 'fd53:6b65:7272:7900::1']);

/** Name of those addresses. */
export const hostName = 'host.skerry.internal';

/** Whether an address is the gateway's own. */
export function isGatewayAddress(address: Address): boolean {
  return sameAddress(address, ipv4.gateway) || sameAddress(address, ipv6.gateway);
}

/** Whether an IPv6 address is one that a guest may give itself on this link. */
export function isOnPrefix(address: Address): boolean {
  return (
    address.length === 16 && ipv6.guest.subarray(0, 8).every((byte, at) => address[at] === byte)
  );
}
