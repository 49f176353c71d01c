/** Addresses as bytes and as text: RFC 791, RFC 4291 section 2.2, RFC 5952; MAC addresses. */
import { read16 } from './bytes.ts';

/** An IPv4 address of 4 bytes or an IPv6 address of 16 (RFC 791, section 3.2; RFC 4291). */
export type Address = Uint8Array;

/** Whether two addresses are of one family and the same. */
export function sameAddress(a: Address, b: Address): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return false;
  }
  return true;
}

/** Dotted decimal, or the canonical form of RFC 5952, section 4 and, for IPv4-mapped ones, 5. */
export function formatAddress(address: Address): string {
  if (address.length === 4) return address.join('.');
  if (isIpv4Mapped(address)) return `::ffff:${address.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, index) => read16(address, index * 2));
  const texts = groups.map((group) => group.toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return texts.join(':');
  const before = texts.slice(0, zeros.start).join(':');
  return `${before}::${texts.slice(zeros.start + zeros.length).join(':')}`;
}

/**
 * The address that a text says: four decimal parts without leading zeros, or a form of RFC 4291,
 * section 2.2, also with a dotted tail. No zone, no prefix length, no brackets.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? parseIpv6Text(text) : parseIpv4Text(text);
}

/** Six pairs of hexadecimal digits between colons, in lower case. */
export function formatMac(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The address that {@link formatMac} writes, in either case. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
}

function isIpv4Mapped(address: Address): boolean {
  return address.subarray(0, 10).every((byte) => byte === 0) && read16(address, 10) === 0xffff;
}

/** The longest run of zeros, the first of several. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}

function parseIpv4Text(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

function parseIpv6Text(text: string): Address | undefined {
  const halves = text.split('::');
  const [left = '', right] = halves;
  if (halves.length > 2) return undefined;
  const head = parseGroups(left, right === undefined);
  const tail = parseGroups(right ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  // "::" stands for at least one group.
  if (right === undefined ? missing !== 0 : missing < 2) return undefined;
  const address = new Uint8Array(16);
  address.set(head);
  address.set(tail, 16 - tail.length);
  return address;
}

/** Bytes of groups between colons; the last may be an IPv4 address where they end the text. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (isEnd && index === groups.length - 1 && group.includes('.')) {
      const dotted = parseIpv4Text(group);
      if (dotted === undefined) return undefined;
      bytes.push(...dotted);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >>> 8, value & 0xff);
    }
  }
  return bytes.length > 16 ? undefined : bytes;
}
