/** Which kind of address an address is; each belongs to exactly one, or to none. Pure. */
import ipaddr from 'ipaddr.js';
import { readAddress, type AddressGroup } from '../../../contract/config/destination.ts';

type Range = readonly [string, number];

/** What clouds answer their machines at, credentials among it. */
const metadata: readonly Range[] = [
  ['169.254.169.254', 32],
  ['169.254.170.2', 32],
  ['169.254.170.23', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['169.254.42.42', 32],
  ['fd00:ec2::254', 128],
  ['fd00:ec2::23', 128],
  ['fd20:ce::254', 128],
  ['fd00:c1::a9fe:a9fe', 128],
  ['fd00:42::42', 128],
  ['fe80::a9fe:a9fe', 128],
];

/** The first that has the address is its group, the narrower before the wider. */
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
      ['2001:2::', 48],
      // Reserved (RFC 1112), and used inside of some networks.
      ['240.0.0.0', 4],
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

/** IPv4 addresses in the words of programs: compatible, mapped, translated. */
const ipv4InIpv6: readonly Range[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
];

/** All that may be public: of IPv6 global unicast (RFC 4291, section 2.4), and what is translated. */
const global: readonly Range[] = [['0.0.0.0', 0], ['2000::', 3], ['64:ff9b::', 96], ...ipv4InIpv6];

/** Of the groups that an address and those within it have, the first of these is its own. */
const strictest: readonly AddressGroup[] = [
  ...(['host', 'metadata', 'loopback', 'private', 'link-local', 'multicast'] as const),
];

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

interface ParsedRange {
  readonly address: Ip;
  readonly prefix: number;
}

const parsedGroups = groups.map(([group, ranges]) => [group, ranges.map(parseRange)] as const);
const parsedNowhere = nowhere.map(parseRange);
const parsedGlobal = global.map(parseRange);
const parsedIpv4InIpv6 = ipv4InIpv6.map(parseRange);

/**
 * The group of an address, undefined for one that leads nowhere and for what is no address. One
 * that stands for others is of the strictest group of them all.
 * @param isHost whether it is an address of this machine, or the one it is reached at
 */
export function groupOf(
  address: string,
  isHost: (address: string) => boolean,
): AddressGroup | undefined {
  const parsed = read(address);
  if (parsed === undefined) return undefined;
  if (isHost(parsed.toString())) return 'host';
  if (isIn(parsed, parsedNowhere)) return undefined;
  const [ranged] = parsedGroups.find(([, ranges]) => isIn(parsed, ranges)) ?? [];
  if (ranged === 'multicast') return ranged;
  const own = ranged ?? (isIn(parsed, parsedGlobal) ? 'public' : 'private');
  const all = [own, ...embeddedIpv4s(address).map((inner) => groupOf(inner, isHost))];
  const group = strictest.find((each) => all.includes(each));
  if (group !== undefined) return group;
  return all.includes(undefined) ? undefined : 'public';
}

/** Whether an address lies in a CIDR; what is no address lies in none. */
export function isInCidr(address: string, cidr: string, prefix: number): boolean {
  const parsed = read(address);
  return parsed !== undefined && isIn(parsed, [parseRange([cidr, prefix])]);
}

/** Whether an IPv6 address is an IPv4 one in the words of programs, which packets do not have. */
export function isIpv4InIpv6(address: string): boolean {
  const parsed = read(address);
  return parsed !== undefined && parsed.toString() !== '::1' && isIn(parsed, parsedIpv4InIpv6);
}

/**
 * The IPv4 addresses that an IPv6 address carries: mapped and compatible (RFC 4291), translated
 * (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380: the client and its server),
 * ISATAP (RFC 5214). One may be of several forms at once, so that none hides another.
 */
export function embeddedIpv4s(address: string): string[] {
  const parsed = read(address);
  if (!(parsed instanceof ipaddr.IPv6)) return [];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = parsed.parts;
  const isNat64 = a === 0x64 && b === 0xff9b && [c, d, e, f].every((word) => word === 0);
  const isIsatap = (e === 0 || e === 0x200) && f === 0x5efe;
  const found: string[] = [];
  if (isIn(parsed, parsedIpv4InIpv6) || isNat64 || isIsatap) found.push(toIpv4(g, h));
  if (a === 0x2002) found.push(toIpv4(b, c));
  if (a === 0x2001 && b === 0) found.push(toIpv4(g ^ 0xffff, h ^ 0xffff), toIpv4(c, d));
  return found;
}

/** An address as sockets say it, too, which may have a zone. */
function read(address: string): Ip | undefined {
  return readAddress(address.replace(/%.*$/s, ''));
}

function toIpv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function parseRange([address, prefix]: Range): ParsedRange {
  return { address: ipaddr.parse(address), prefix };
}

function isIn(address: Ip, ranges: readonly ParsedRange[]): boolean {
  return ranges.some(
    (range) =>
      range.address.kind() === address.kind() && address.match(range.address, range.prefix),
  );
}
