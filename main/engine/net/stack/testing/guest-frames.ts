/** Frames as a guest sends them, whole and well-formed; a test names what it wants otherwise. */
import type { Address } from '../../wire/address.ts';
import { buildArp } from '../../wire/arp.ts';
import { write16, write32 } from '../../wire/bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from '../../wire/checksum.ts';
import { ethernetHeaderBytes, etherType, writeEthernet } from '../../wire/ethernet.ts';
import { buildEchoRequest, type EchoFields } from '../../wire/icmp.ts';
import { buildIcmpv6 } from '../../wire/icmpv6.ts';
import { ipProtocol } from '../../wire/ip-protocol.ts';
import { ipv4HeaderBytes, writeIpv4 } from '../../wire/ipv4.ts';
import { ipv6HeaderBytes, writeIpv6 } from '../../wire/ipv6.ts';
import { tcpFlag, tcpHeaderLength, writeTcp, type TcpHeader } from '../../wire/tcp.ts';
import { udpHeaderBytes, writeUdp } from '../../wire/udp.ts';
import { ipv4, ipv6, macs } from '../link-addresses.ts';

/** Both ends of a packet, of one family. */
export interface Ends {
  readonly source: Address;
  readonly destination: Address;
}

/** From the guest to an address of elsewhere. */
export const outside4: Ends = { source: ipv4.guest, destination: Uint8Array.of(93, 184, 215, 14) };
/** The same of IPv6. */
export const outside6: Ends = {
  source: ipv6.guest,
  destination: Uint8Array.of(0x26, 6, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
};
/** From the guest to the gateway. */
export const gateway4: Ends = { source: ipv4.guest, destination: ipv4.gateway };
/** The same of IPv6. */
export const gateway6: Ends = { source: ipv6.guest, destination: ipv6.gateway };

/** A frame of the guest around what it carries. */
function frame(type: number, payload: Uint8Array, source: Uint8Array = macs.guest) {
  const bytes = new Uint8Array(ethernetHeaderBytes + payload.length);
  writeEthernet(bytes, 0, { destination: macs.gateway, source, type });
  bytes.set(payload, ethernetHeaderBytes);
  return bytes;
}

/** What of an IP header is not as usual. */
export interface IpOptions {
  readonly hopLimit?: number;
  readonly mac?: Uint8Array;
  /** A part of a datagram: where it lies in it, and whether others follow. */
  readonly fragment?: { readonly offset: number; readonly more: boolean; readonly id: number };
  /** IPv4 options, a multiple of 4 bytes. */
  readonly options?: readonly number[];
}

/** An IP packet in its frame. */
export function ip(ends: Ends, protocol: number, payload: Uint8Array, options: IpOptions = {}) {
  const packet = ends.source.length === 4 ? ipv4Packet : ipv6Packet;
  const type = ends.source.length === 4 ? etherType.ipv4 : etherType.ipv6;
  return frame(type, packet(ends, protocol, payload, options), options.mac);
}

function ipv4Packet(ends: Ends, protocol: number, payload: Uint8Array, around: IpOptions) {
  const { fragment, options = [] } = around;
  const head = new Uint8Array(ipv4HeaderBytes);
  const payloadLength = options.length + payload.length;
  const identification = fragment?.id ?? 7;
  writeIpv4(head, 0, { ...ends, protocol, payloadLength, identification });
  const bytes = Uint8Array.from([...head, ...options, ...payload]);
  bytes[0] = 0x45 + options.length / 4;
  if (fragment !== undefined)
    write16(bytes, 6, (fragment.offset / 8) | (fragment.more ? 0x2000 : 0));
  write16(bytes, 10, 0);
  write16(bytes, 10, foldChecksum(sumWords(bytes, 0, ipv4HeaderBytes + options.length)));
  return bytes;
}

function ipv6Packet(ends: Ends, protocol: number, payload: Uint8Array, around: IpOptions) {
  const { fragment, hopLimit = 64 } = around;
  const extension = new Uint8Array(fragment === undefined ? 0 : 8);
  if (fragment !== undefined) {
    extension[0] = protocol;
    write16(extension, 2, fragment.offset | Number(fragment.more));
    write32(extension, 4, fragment.id);
  }
  const bytes = new Uint8Array(ipv6HeaderBytes + extension.length + payload.length);
  const next = fragment === undefined ? protocol : 44;
  const payloadLength = extension.length + payload.length;
  writeIpv6(bytes, 0, { ...ends, protocol: next, payloadLength, hopLimit });
  bytes.set(extension, ipv6HeaderBytes);
  bytes.set(payload, ipv6HeaderBytes + extension.length);
  return bytes;
}

/** A UDP datagram without its packet. */
export function udpBytes(
  ends: Ends,
  ports: { readonly from: number; readonly to: number },
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(udpHeaderBytes + payload.length);
  const named = { sourcePort: ports.from, destinationPort: ports.to };
  writeUdp(bytes, 0, { ...ends, ...named, payload });
  return bytes;
}

/** A UDP datagram. */
export function udp(
  ends: Ends,
  ports: { readonly from: number; readonly to: number },
  payload: Uint8Array,
  options: IpOptions = {},
): Uint8Array {
  return ip(ends, ipProtocol.udp, udpBytes(ends, ports, payload), options);
}

/** A TCP segment from port 40000 to port 80. */
export function tcp(
  ends: Ends,
  fields: Partial<TcpHeader>,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const header: TcpHeader = {
    ...{ sourcePort: 40_000, destinationPort: 80, sequence: 100, acknowledgment: 0 },
    ...{ flags: tcpFlag.ack, window: 60_000, urgentPointer: 0, ...fields },
  };
  const bytes = new Uint8Array(tcpHeaderLength(header) + payload.length);
  const headerBytes = writeTcp(bytes, 0, header, ends.source, ends.destination, [payload]);
  bytes.set(payload, headerBytes);
  return ip(ends, ipProtocol.tcp, bytes);
}

/** A question for an echo. */
export function echo(ends: Ends, fields: EchoFields, options: IpOptions = {}): Uint8Array {
  if (ends.source.length === 4) return ip(ends, ipProtocol.icmp, buildEchoRequest(fields), options);
  const message = buildIcmpv6({ ...fields, kind: 'echo-request' }, ends.source, ends.destination);
  return ip(ends, ipProtocol.icmpv6, message, options);
}

/** Asks who has an address, or says that the guest has it. */
export function arp(
  operation: 'request' | 'reply',
  targetAddress: Address,
  senderAddress: Address = ipv4.guest,
): Uint8Array {
  const targetMac = new Uint8Array(6);
  const packet = { operation, senderMac: macs.guest, senderAddress, targetMac, targetAddress };
  return frame(etherType.arp, buildArp(packet));
}

/** Asks for the MAC address of an IPv6 address. */
export function neighborSolicitation(
  target: Address,
  source: Address = ipv6.guest,
  hopLimit = 255,
): Uint8Array {
  const message = new Uint8Array(24);
  message[0] = 135;
  message.set(target, 8);
  return control6({ source, destination: ipv6.gateway }, message, hopLimit);
}

/** Asks for routers. */
export function routerSolicitation(hopLimit = 255): Uint8Array {
  const message = new Uint8Array(8);
  message[0] = 133;
  const source = Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
  const destination = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
  return control6({ source, destination }, message, hopLimit);
}

function control6(ends: Ends, message: Uint8Array, hopLimit: number): Uint8Array {
  const { source, destination } = ends;
  const pseudo = pseudoHeaderSum(source, destination, ipProtocol.icmpv6, message.length);
  write16(message, 2, foldChecksum(sumWords(message, 0, message.length, pseudo)));
  return ip(ends, ipProtocol.icmpv6, message, { hopLimit });
}

const dhcpTypes = { discover: 1, request: 3, release: 7, inform: 8 } as const;

/** A message of a DHCP client. */
export function dhcp(
  type: keyof typeof dhcpTypes,
  options: { readonly requested?: Address; readonly own?: Address } = {},
): Uint8Array {
  const head = new Uint8Array(240);
  head.set([1, 1, 6]);
  write32(head, 4, 0x1234_5678);
  head.set(options.own ?? [], 12);
  head.set(macs.guest, 28);
  write32(head, 236, 0x6382_5363);
  const requested = options.requested === undefined ? [] : [50, 4, ...options.requested];
  const message = Uint8Array.from([...head, 53, 1, dhcpTypes[type], ...requested, 255]);
  const ends = {
    source: options.own ?? new Uint8Array(4),
    destination: options.own === undefined ? Uint8Array.of(255, 255, 255, 255) : ipv4.gateway,
  };
  return udp(ends, { from: 68, to: 67 }, message);
}
