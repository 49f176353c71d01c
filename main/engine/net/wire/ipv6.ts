/** IPv6 packets: RFC 8200. Extension headers are checked and skipped, not interpreted. */
import { assertLength, read16, read32, write16, write32 } from './bytes.ts';

/** Bytes of the header without extensions: RFC 8200, section 3. */
export const ipv6HeaderBytes = 40;

const maxPayloadBytes = 0xffff;
const maxExtensionHeaders = 8;
const extension = { hopByHop: 0, routing: 43, fragment: 44, destination: 60 } as const;

/** Where a payload lies in the whole that was sent: RFC 8200, section 4.5. */
export interface Ipv6Fragment {
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
  readonly identification: number;
}

/** What extension headers lead to: RFC 8200, section 4. */
export interface Ipv6Upper {
  /** The next header that is no extension, or that of the whole where this is a fragment. */
  readonly protocol: number;
  /** Absent where the payload is whole, also from a fragment that is the only one (RFC 6946). */
  readonly fragment?: Ipv6Fragment;
  readonly hasRoutingHeader: boolean;
  readonly payload: Uint8Array;
}

/** A packet: RFC 8200, section 3. Its byte arrays are views of what was parsed. */
export interface Ipv6Packet extends Ipv6Upper {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly hopLimit: number;
}

/**
 * Reads a packet, padding after it dropped: RFC 8200, section 3. Undefined where the version, a
 * length or an extension header is wrong, or a header has an option that forbids to skip it.
 */
export function parseIpv6(payload: Uint8Array): Ipv6Packet | undefined {
  if (payload.length < ipv6HeaderBytes || (payload[0] ?? 0) >>> 4 !== 6) return undefined;
  const end = ipv6HeaderBytes + read16(payload, 4);
  if (end > payload.length) return undefined;
  const upper = skipIpv6Extensions(payload[6] ?? 0, payload.subarray(ipv6HeaderBytes, end));
  if (upper === undefined) return undefined;
  return {
    source: payload.subarray(8, 24),
    destination: payload.subarray(24, 40),
    hopLimit: payload[7] ?? 0,
    ...upper,
  };
}

/**
 * Skips the extension headers that `bytes` begin with, the first being a `nextHeader`: RFC 8200,
 * section 4. Also of use after reassembly, for what was fragmented may begin with some.
 */
export function skipIpv6Extensions(nextHeader: number, bytes: Uint8Array): Ipv6Upper | undefined {
  let protocol = nextHeader;
  let at = 0;
  let hasRoutingHeader = false;
  for (let count = 0; isExtension(protocol); count++) {
    const isMisplaced = protocol === extension.hopByHop && count > 0;
    if (count === maxExtensionHeaders || isMisplaced || at + 8 > bytes.length) return undefined;
    const following = bytes[at] ?? 0;
    if (protocol === extension.fragment) {
      const fragment = readFragment(bytes, at);
      if (fragment.offset > 0 || fragment.more) {
        const payload = bytes.subarray(at + 8);
        if (fragment.offset + payload.length > maxPayloadBytes) return undefined;
        return { protocol: following, fragment, hasRoutingHeader, payload };
      }
      at += 8;
    } else {
      const end = at + ((bytes[at + 1] ?? 0) + 1) * 8;
      if (end > bytes.length) return undefined;
      if (protocol === extension.routing) hasRoutingHeader = true;
      else if (!areOptionsSkippable(bytes, at + 2, end)) return undefined;
      at = end;
    }
    protocol = following;
  }
  return { protocol, hasRoutingHeader, payload: bytes.subarray(at) };
}

/** What {@link writeIpv6} is told. */
export interface Ipv6Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly payloadLength: number;
  readonly hopLimit?: number;
}

/** Writes a header of {@link ipv6HeaderBytes}: RFC 8200, section 3. */
export function writeIpv6(into: Uint8Array, offset: number, fields: Ipv6Fields): void {
  assertLength(fields.payloadLength, maxPayloadBytes);
  into.fill(0, offset, offset + 4);
  into[offset] = 0x60;
  write16(into, offset + 4, fields.payloadLength);
  into[offset + 6] = fields.protocol;
  into[offset + 7] = fields.hopLimit ?? 64;
  into.set(fields.source, offset + 8);
  into.set(fields.destination, offset + 24);
}

/** Bytes of a fragment header: RFC 8200, section 4.5. */
export const ipv6FragmentBytes = 8;
/** What a header says before a fragment header: RFC 8200, section 4. */
export const ipv6FragmentHeader = extension.fragment;

/** Writes a fragment header of {@link ipv6FragmentBytes}: RFC 8200, section 4.5. */
export function writeIpv6Fragment(
  into: Uint8Array,
  offset: number,
  fields: Ipv6Fragment & { readonly protocol: number },
): void {
  into[offset] = fields.protocol;
  into[offset + 1] = 0;
  write16(into, offset + 2, fields.offset | (fields.more ? 1 : 0));
  write32(into, offset + 4, fields.identification);
}

function isExtension(nextHeader: number): boolean {
  return (
    nextHeader === extension.hopByHop ||
    nextHeader === extension.routing ||
    nextHeader === extension.fragment ||
    nextHeader === extension.destination
  );
}

function readFragment(bytes: Uint8Array, at: number): Ipv6Fragment {
  const offsetAndFlags = read16(bytes, at + 2);
  return {
    offset: offsetAndFlags & 0xfff8,
    more: (offsetAndFlags & 1) !== 0,
    identification: read32(bytes, at + 4),
  };
}

/** Whether options are well-formed and their two highest bits let them be skipped: section 4.2. */
function areOptionsSkippable(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end;) {
    const type = bytes[at] ?? 0;
    if (type === 0) {
      at++;
      continue;
    }
    if (type >>> 6 !== 0 || at + 2 > end) return false;
    at += 2 + (bytes[at + 1] ?? 0);
    if (at > end) return false;
  }
  return true;
}
