/** IPv4 packets: RFC 791. Options are checked and told of, not interpreted. */
import { assertLength, read16, write16 } from './bytes.ts';
import { foldChecksum, sumWords } from './checksum.ts';

/** Bytes of a header without options: RFC 791, section 3.1. */
export const ipv4HeaderBytes = 20;

const maxPacketBytes = 0xffff;
const dontFragment = 0x4000;
const moreFragmentsFlag = 0x2000;
const optionsEnd = 0;
const noOperation = 1;
const looseSourceRoute = 131;
const strictSourceRoute = 137;

/** A packet: RFC 791, section 3.1. Its byte arrays are views of what was parsed. */
export interface Ipv4Packet {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  /** Whether the payload is not the whole of what was sent. */
  readonly isFragment: boolean;
  /** Where the payload begins in the whole, in bytes. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly hasOptions: boolean;
  /** Whether an option says where the packet has to go through. */
  readonly sourceRouted: boolean;
  /** With its options. */
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Reads a packet, padding after it dropped: RFC 791, section 3.1. Undefined where the version, a
 * length, an option or the checksum is wrong, or a fragment would end beyond the largest packet.
 */
export function parseIpv4(payload: Uint8Array): Ipv4Packet | undefined {
  if (payload.length < ipv4HeaderBytes) return undefined;
  const versionAndLength = payload[0] ?? 0;
  const headerBytes = (versionAndLength & 0xf) * 4;
  const totalBytes = read16(payload, 2);
  if (versionAndLength >>> 4 !== 4 || headerBytes < ipv4HeaderBytes) return undefined;
  if (totalBytes < headerBytes || totalBytes > payload.length) return undefined;
  if (foldChecksum(sumWords(payload, 0, headerBytes)) !== 0) return undefined;
  const options = headerBytes === ipv4HeaderBytes ? 'unrouted' : readOptions(payload, headerBytes);
  const fragment = read16(payload, 6);
  const fragmentOffset = (fragment & 0x1fff) * 8;
  const moreFragments = (fragment & moreFragmentsFlag) !== 0;
  if (options === undefined || fragmentOffset + totalBytes > maxPacketBytes) return undefined;
  return {
    source: payload.subarray(12, 16),
    destination: payload.subarray(16, 20),
    protocol: payload[9] ?? 0,
    ttl: payload[8] ?? 0,
    identification: read16(payload, 4),
    isFragment: moreFragments || fragmentOffset > 0,
    fragmentOffset,
    moreFragments,
    hasOptions: headerBytes > ipv4HeaderBytes,
    sourceRouted: options === 'routed',
    header: payload.subarray(0, headerBytes),
    payload: payload.subarray(headerBytes, totalBytes),
  };
}

/** What {@link writeIpv4} is told. */
export interface Ipv4Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly payloadLength: number;
  readonly identification: number;
  readonly ttl?: number;
  /** Where the payload lies in a datagram, for a part of one; a multiple of 8. */
  readonly fragment?: { readonly offset: number; readonly more: boolean };
}

/**
 * Writes a header of {@link ipv4HeaderBytes} with its checksum, of a fragment or not to be
 * fragmented: RFC 791, section 3.1.
 */
export function writeIpv4(into: Uint8Array, offset: number, fields: Ipv4Fields): void {
  assertLength(fields.payloadLength, maxPacketBytes - ipv4HeaderBytes);
  into[offset] = 0x45;
  into[offset + 1] = 0;
  write16(into, offset + 2, ipv4HeaderBytes + fields.payloadLength);
  write16(into, offset + 4, fields.identification);
  const { fragment } = fields;
  write16(
    into,
    offset + 6,
    fragment === undefined
      ? dontFragment
      : (fragment.offset >>> 3) | (fragment.more ? moreFragmentsFlag : 0),
  );
  into[offset + 8] = fields.ttl ?? 64;
  into[offset + 9] = fields.protocol;
  write16(into, offset + 10, 0);
  into.set(fields.source, offset + 12);
  into.set(fields.destination, offset + 16);
  write16(into, offset + 10, foldChecksum(sumWords(into, offset, offset + ipv4HeaderBytes)));
}

function readOptions(packet: Uint8Array, headerBytes: number): 'routed' | 'unrouted' | undefined {
  let result: 'routed' | 'unrouted' = 'unrouted';
  for (let at = ipv4HeaderBytes; at < headerBytes;) {
    const type = packet[at] ?? 0;
    if (type === optionsEnd) break;
    if (type === noOperation) {
      at++;
      continue;
    }
    const length = at + 1 < headerBytes ? (packet[at + 1] ?? 0) : 0;
    if (length < 2 || at + length > headerBytes) return undefined;
    if (type === looseSourceRoute || type === strictSourceRoute) result = 'routed';
    at += length;
  }
  return result;
}
