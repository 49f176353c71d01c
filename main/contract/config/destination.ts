/** Destinations of network rules, as people write them. Pure. */
import ipaddr from 'ipaddr.js';

/** Kinds of addresses; each address belongs to exactly one. See `engine/net/policy/groups.ts`. */
export const addressGroups = [
  'public',
  'private',
  'loopback',
  'link-local',
  'metadata',
  'multicast',
  'host',
] as const;

/** See {@link addressGroups}. */
export type AddressGroup = (typeof addressGroups)[number];

/** What a rule is about. Addresses and names are in their canonical form, names in lower case. */
export type Destination =
  | { readonly kind: 'any' }
  | { readonly kind: 'group'; readonly group: AddressGroup }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'cidr'; readonly address: string; readonly prefix: number }
  /** Exactly this name. */
  | { readonly kind: 'domain'; readonly name: string }
  /** This name and every name below it. */
  | { readonly kind: 'suffix'; readonly name: string };

/** A destination with the port that may stand behind it, or what is wrong with the text. */
export type DestinationReading =
  | { readonly ok: true; readonly destination: Destination; readonly port?: number }
  | { readonly ok: false; readonly problem: string };

/** What some programs take for an IPv4 address; no top-level domain is one (RFC 3696, section 2). */
const numericEnd = /(?:^|\.)(?:\d+|0x[\da-f]*)$/;

const help =
  'A destination is a name with a dot, "*.name", an address, a CIDR, "any", or one of the groups ' +
  `${addressGroups.join(', ')}.`;

/** Labels of letters, digits, hyphens and underscores (RFC 1123, RFC 2181), at most 253 in all. */
const namePattern =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Reads `example.org`, `*.example.org`, `10.0.0.0/8`, `[2001:db8::1]:443`, `private`, `any`. */
export function parseDestination(text: string): DestinationReading {
  const { rest, port, problem } = splitPort(lowerCase(text.trim()));
  if (problem !== undefined) return { ok: false, problem };
  const destination = parseTarget(rest);
  if (typeof destination === 'string') return { ok: false, problem: destination };
  return { ok: true, destination, ...(port === undefined ? {} : { port }) };
}

/** The canonical text of a destination; {@link parseDestination} reads it back. */
export function formatDestination(destination: Destination): string {
  switch (destination.kind) {
    case 'any':
      return 'any';
    case 'group':
      return destination.group;
    case 'address':
      return destination.address;
    case 'cidr':
      return `${destination.address}/${String(destination.prefix)}`;
    case 'domain':
      return destination.name;
    case 'suffix':
      return `*.${destination.name}`;
  }
}

/** The canonical text of an address, or undefined where the text is none. */
export function canonicalAddress(text: string): string | undefined {
  return readAddress(text)?.toString();
}

/** A name or an address as it stands before a port: an IPv6 address in brackets (RFC 3986, 3.2.2). */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Four decimal parts, or a form of RFC 4291, section 2.2. Neither the shorter, octal and hexadecimal
 * forms that inet_aton takes nor a zone.
 */
export function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const [, head, dotted] = /^([\da-f:]*:)([\da-f.]*)$/i.exec(text) ?? [];
  if (head === undefined || dotted === undefined) return undefined;
  let tail = dotted;
  if (dotted.includes('.')) {
    // The library takes octal parts here, and "::1.2.3.4" for "::ffff:1.2.3.4".
    if (!ipaddr.IPv4.isValidFourPartDecimal(dotted)) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(dotted).octets;
    tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const plain = head + tail;
  return ipaddr.IPv6.isValid(plain) ? ipaddr.IPv6.parse(plain) : undefined;
}

/** What programs say for an IPv4 address and no packet has: RFC 4291, section 2.5.5.2. */
function isMapped(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
}

/** In lower case, of ASCII alone (RFC 4343): to DNS no other letter is the same as one of these. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function splitPort(text: string): { rest: string; port?: number; problem?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  // Several colons are an IPv6 address.
  const plain = bracketed ?? /^([^:]*):([^:]*)$/.exec(text);
  if (plain === null) return { rest: text };
  const [, rest = '', digits] = plain;
  if (digits === undefined) return { rest };
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port >= 1 && port <= 65_535) return { rest, port };
  return { rest, problem: `"${digits}" is no port: a port is a number from 1 to 65535.` };
}

function parseTarget(text: string): Destination | string {
  if (text === 'any' || text === '*') return { kind: 'any' };
  const group = addressGroups.find((each) => each === text);
  if (group !== undefined) return { kind: 'group', group };
  if (text.includes('/')) return parseCidr(text);
  const address = readAddress(text);
  if (address !== undefined) {
    const meant = isMapped(address) ? address.toIPv4Address() : address;
    return { kind: 'address', address: meant.toString() };
  }
  // What looks like an address and is none must not become a name.
  if (numericEnd.test(trimDot(text)) || text.includes(':'))
    return `"${text}" is no address. ${help}`;
  if (text.startsWith('*.')) {
    const name = trimDot(text.slice(2));
    return namePattern.test(name) ? { kind: 'suffix', name } : `"${text}" is no name. ${help}`;
  }
  const name = trimDot(text);
  if (!namePattern.test(name)) return `"${text}" is no destination. ${help}`;
  if (!name.includes('.')) return `"${text}" is a name without a dot. ${help}`;
  return { kind: 'domain', name };
}

function parseCidr(text: string): Destination | string {
  const [head = '', digits = '', ...others] = text.split('/');
  const address = readAddress(head);
  const most = head.includes(':') ? 128 : 32;
  const prefix = /^\d{1,3}$/.test(digits) ? Number(digits) : most + 1;
  if (address === undefined || others.length > 0 || prefix > most) {
    return `"${text}" is no CIDR: an address, "/" and the length of its prefix.`;
  }
  if (isMapped(address) && prefix >= 96) return network(address.toIPv4Address(), prefix - 96);
  return network(address, prefix);
}

/** The first address of a CIDR stands for it. */
function network(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Destination {
  const bytes = address.toByteArray().map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
  return { kind: 'cidr', address: ipaddr.fromByteArray(bytes).toString(), prefix };
}

function trimDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
