/** Which kind of address an address is; each belongs to exactly one, or to none. Pure. */
import ipaddr from 'ipaddr.js';
import type { AddressGroup } from '../../../contract/config/destination.ts';

type Range = readonly [string, number];

/** What clouds answer their machines at, credentials among it. */
const metadata: readonly Range[] = [
  ['169.254.169.254', 32],
  ['169.254.170.2', 32],
  ['169.254.170.23', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['fd00:ec2::254', 128],
  ['fd00:ec2::23', 128],
  ['fd20:ce::254', 128],
];

/** In the order in which they are asked; the first that has the address is its group. */
const groups: readonly (readonly [AddressGroup, readonly Range[]])[] = [
  ['metadata', metadata],
  [
    'loopback',
    [
      ['127.0.0.0', 8],
      ['::1', 128],
    ],
  ],
  [
    'private',
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      // Shared by carriers (RFC 6598), of the protocols (RFC 6890), for measurements (RFC 2544).
      ['100.64.0.0', 10],
      ['192.0.0.0', 24],
      ['198.18.0.0', 15],
      ['fc00::', 7],
      ['fec0::', 10],
      // NAT64 of one's own network, RFC 8215.
      ['64:ff9b:1::', 48],
    ],
  ],
  [
    'link-local',
    [
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ],
  ],
  [
    'multicast',
    [
      ['224.0.0.0', 4],
      ['ff00::', 8],
    ],
  ],
];

/** No connection leads there: this network (RFC 1122), the broadcast address, no address at all. */
const nowhere: readonly Range[] = [
  ['0.0.0.0', 8],
  ['255.255.255.255', 32],
  ['::', 128],
];

interface ParsedRange {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefix: number;
}

const parsedGroups = groups.map(([group, ranges]) => [group, ranges.map(parseRange)] as const);
const parsedNowhere = nowhere.map(parseRange);

/**
 * The group of an address in its canonical form, undefined for one that leads nowhere.
 * @param isHost whether it is an address of this machine, or the one it is reached at
 */
export function groupOf(
  address: string,
  isHost: (address: string) => boolean,
): AddressGroup | undefined {
  if (isHost(address)) return 'host';
  const parsed = ipaddr.parse(address);
  if (isIn(parsed, parsedNowhere)) return undefined;
  const [group] = parsedGroups.find(([, ranges]) => isIn(parsed, ranges)) ?? [];
  if (group !== undefined) return group;
  // An IPv6 address that stands for an IPv4 one is what that one is.
  const inner = embeddedIpv4(address);
  return inner === undefined ? 'public' : groupOf(inner, isHost);
}

/** Whether an address lies in a CIDR. */
export function isInCidr(address: string, cidr: string, prefix: number): boolean {
  return isIn(ipaddr.parse(address), [parseRange([cidr, prefix])]);
}

/**
 * The IPv4 address that an IPv6 address carries: mapped and compatible (RFC 4291), translated
 * (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380), ISATAP (RFC 5214).
 */
export function embeddedIpv4(address: string): string | undefined {
  const parsed = ipaddr.parse(address);
  if (!(parsed instanceof ipaddr.IPv6)) return undefined;
  const { parts } = parsed;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = parts;
  const isZero = (...words: number[]) => words.every((word) => word === 0);
  const isLow = isZero(a, b, c, d);
  const isAtEnd =
    (isLow && e === 0 && (f === 0xffff || f === 0)) ||
    (isLow && e === 0xffff && f === 0) ||
    (a === 0x64 && b === 0xff9b && isZero(c, d, e, f)) ||
    ((e === 0 || e === 0x200) && f === 0x5efe);
  if (isAtEnd) return toIpv4(g, h);
  if (a === 0x2002) return toIpv4(b, c);
  if (a === 0x2001 && b === 0) return toIpv4(g ^ 0xffff, h ^ 0xffff);
  return undefined;
}

function toIpv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function parseRange([address, prefix]: Range): ParsedRange {
  return { address: ipaddr.parse(address), prefix };
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly ParsedRange[]): boolean {
  return ranges.some(
    (range) =>
      range.address.kind() === address.kind() &&
      address.match(range.address, range.prefix),
  );
}
