/** Control messages of IPv6: RFC 4443; neighbors and routers: RFC 4861; name servers: RFC 8106. */
import type { Address } from './address.ts';
import { read16, write16, write32 } from './bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import type { EchoFields } from './icmp.ts';
import { ipProtocol } from './ip-protocol.ts';
import { ipv6HeaderBytes } from './ipv6.ts';

/** Codes of "destination unreachable": RFC 4443, section 3.1. */
export const unreachableCodeV6 = { noRoute: 0, administratively: 1, address: 3, port: 4 } as const;

const messageType = {
  unreachable: 1,
  echoRequest: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const;
const option = { sourceMac: 1, targetMac: 2, prefix: 3, mtu: 5, nameServer: 25 } as const;
const headerBytes = 8;
const minIpv6Mtu = 1280;
const advertisedHopLimit = 64;
const onLinkFlag = 0x80;
const autonomousFlag = 0x40;

/** A message that was parsed: RFC 4443, section 4; RFC 4861, section 4. */
export type Icmpv6Message =
  | ({ readonly kind: 'echo-request' | 'echo-reply' } & EchoFields)
  | {
      readonly kind: 'neighbor-solicitation' | 'neighbor-advertisement';
      readonly target: Uint8Array;
    }
  | { readonly kind: 'router-solicitation' }
  | { readonly kind: 'other'; readonly type: number; readonly code: number };

/** Prefix of a router advertisement: RFC 4861, section 4.6.2. It is said to be on the link. */
export interface AdvertisedPrefix {
  readonly address: Address;
  /** In bits. */
  readonly length: number;
  /** Whether hosts may make addresses of it: RFC 4862. */
  readonly isAutonomous: boolean;
  readonly validS: number;
  readonly preferredS: number;
}

/** Tells of a router and what it routes: RFC 4861, section 4.2. */
export interface RouterAdvertisement {
  readonly kind: 'router-advertisement';
  readonly mac: Uint8Array;
  /** How long it is a default router, and its name server to be asked. */
  readonly lifetimeS: number;
  readonly prefix?: AdvertisedPrefix;
  readonly mtu?: number;
  readonly nameServer?: Address;
}

/** A message to build: RFC 4443, sections 3.1 and 4; RFC 4861, sections 4.2 and 4.4. */
export type Icmpv6Outgoing =
  | ({ readonly kind: 'echo-request' | 'echo-reply' } & EchoFields)
  | {
      readonly kind: 'neighbor-advertisement';
      readonly target: Address;
      readonly mac: Uint8Array;
      readonly isRouter: boolean;
      readonly isSolicited: boolean;
      readonly isOverride: boolean;
    }
  | RouterAdvertisement
  | { readonly kind: 'unreachable'; readonly code: number; readonly original: Uint8Array };

/**
 * Reads a message between two addresses: RFC 4443, section 2. Undefined where its checksum or a
 * length is wrong, or what RFC 4861, section 7.1, says of its fields; the hop limit is the caller's.
 */
export function parseIcmpv6(
  payload: Uint8Array,
  source: Address,
  destination: Address,
): Icmpv6Message | undefined {
  if (payload.length < headerBytes) return undefined;
  if (checksumOf(payload, source, destination) !== 0) return undefined;
  const type = payload[0] ?? 0;
  const code = payload[1] ?? 0;
  switch (type) {
    case messageType.echoRequest:
    case messageType.echoReply:
      if (code !== 0) break;
      return {
        kind: type === messageType.echoRequest ? 'echo-request' : 'echo-reply',
        identifier: read16(payload, 4),
        sequence: read16(payload, 6),
        data: payload.subarray(headerBytes),
      };
    case messageType.neighborSolicitation:
    case messageType.neighborAdvertisement: {
      const target = payload.subarray(8, 24);
      if (code !== 0 || target[0] === 0xff || !areOptionsWhole(payload, 24)) return undefined;
      const isQuestion = type === messageType.neighborSolicitation;
      return { kind: isQuestion ? 'neighbor-solicitation' : 'neighbor-advertisement', target };
    }
    case messageType.routerSolicitation:
      if (code !== 0 || !areOptionsWhole(payload, headerBytes)) return undefined;
      return { kind: 'router-solicitation' };
  }
  return { kind: 'other', type, code };
}

/** Serializes a message with its checksum: RFC 4443, section 2.3. */
export function buildIcmpv6(
  message: Icmpv6Outgoing,
  source: Address,
  destination: Address,
): Uint8Array {
  const bytes = serialize(message);
  write16(bytes, 2, checksumOf(bytes, source, destination));
  return bytes;
}

function checksumOf(bytes: Uint8Array, source: Address, destination: Address): number {
  const pseudo = pseudoHeaderSum(source, destination, ipProtocol.icmpv6, bytes.length);
  return foldChecksum(sumWords(bytes, 0, bytes.length, pseudo));
}

/** Whether options begin at `start` and end with the message: RFC 4861, section 4.6. */
function areOptionsWhole(message: Uint8Array, start: number): boolean {
  let at = start;
  while (at < message.length) {
    const length = (message[at + 1] ?? 0) * 8;
    if (length === 0) return false;
    at += length;
  }
  return at === message.length;
}

function serialize(message: Icmpv6Outgoing): Uint8Array {
  switch (message.kind) {
    case 'echo-request':
    case 'echo-reply': {
      const bytes = new Uint8Array(headerBytes + message.data.length);
      bytes[0] = message.kind === 'echo-request' ? messageType.echoRequest : messageType.echoReply;
      write16(bytes, 4, message.identifier);
      write16(bytes, 6, message.sequence);
      bytes.set(message.data, headerBytes);
      return bytes;
    }
    case 'neighbor-advertisement': {
      const bytes = new Uint8Array(32);
      const { isRouter, isSolicited, isOverride } = message;
      bytes[0] = messageType.neighborAdvertisement;
      bytes[4] = (Number(isRouter) << 7) | (Number(isSolicited) << 6) | (Number(isOverride) << 5);
      bytes.set(message.target, 8);
      bytes.set(macOption(option.targetMac, message.mac), 24);
      return bytes;
    }
    case 'router-advertisement':
      return serializeRouterAdvertisement(message);
    case 'unreachable': {
      const maxQuotedBytes = minIpv6Mtu - ipv6HeaderBytes - headerBytes;
      const quoted = message.original.subarray(0, maxQuotedBytes);
      const bytes = new Uint8Array(headerBytes + quoted.length);
      bytes[0] = messageType.unreachable;
      bytes[1] = message.code;
      bytes.set(quoted, headerBytes);
      return bytes;
    }
  }
}

// offset  size  field
//      4     1  hop limit that hosts are to use
//      5     1  flags; none, so that no host asks for addresses by DHCPv6
//      6     2  lifetime of the router
//      8     8  two times that stay unsaid
//     16     …  options
function serializeRouterAdvertisement(message: RouterAdvertisement): Uint8Array {
  const { prefix, mtu, nameServer, lifetimeS } = message;
  const options = [macOption(option.sourceMac, message.mac)];
  if (prefix !== undefined) options.push(prefixOption(prefix));
  if (mtu !== undefined) options.push(mtuOption(mtu));
  if (nameServer !== undefined) options.push(nameServerOption(nameServer, lifetimeS));
  const bytes = new Uint8Array(16 + options.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = messageType.routerAdvertisement;
  bytes[4] = advertisedHopLimit;
  write16(bytes, 6, lifetimeS);
  let at = 16;
  for (const piece of options) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** An option, all zeros after its type and its length in units of 8 bytes. */
function emptyOption(type: number, byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  bytes[0] = type;
  bytes[1] = byteCount / 8;
  return bytes;
}

function macOption(type: number, mac: Uint8Array): Uint8Array {
  const bytes = emptyOption(type, 8);
  bytes.set(mac, 2);
  return bytes;
}

function prefixOption(prefix: AdvertisedPrefix): Uint8Array {
  const bytes = emptyOption(option.prefix, 32);
  bytes[2] = prefix.length;
  bytes[3] = onLinkFlag | (prefix.isAutonomous ? autonomousFlag : 0);
  write32(bytes, 4, prefix.validS);
  write32(bytes, 8, prefix.preferredS);
  bytes.set(prefix.address, 16);
  return bytes;
}

function mtuOption(mtu: number): Uint8Array {
  const bytes = emptyOption(option.mtu, 8);
  write32(bytes, 4, mtu);
  return bytes;
}

function nameServerOption(nameServer: Address, lifetimeS: number): Uint8Array {
  const bytes = emptyOption(option.nameServer, 24);
  write32(bytes, 4, lifetimeS);
  bytes.set(nameServer, 8);
  return bytes;
}
