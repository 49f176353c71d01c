/**
 * The link to a guest: frames and time in, frames and what the guest wants out. Answers ARP, neighbor
 * and router discovery, DHCP and echoes to the gateway itself; everything else is for whoever gives
 * the events. Pure. No frame makes it throw, and none is believed to come from elsewhere.
 */
import { sameAddress, type Address } from '../wire/address.ts';
import { etherType, parseEthernet } from '../wire/ethernet.ts';
import {
  buildEchoReply,
  buildUnreachable,
  parseIcmp,
  unreachableCode,
  type EchoFields,
} from '../wire/icmp.ts';
import { buildIcmpv6, parseIcmpv6, unreachableCodeV6 } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { parseIpv4 } from '../wire/ipv4.ts';
import { ipv6HeaderBytes, parseIpv6, skipIpv6Extensions } from '../wire/ipv6.ts';
import { Reassembly } from '../wire/reassembly.ts';
import { parseUdp } from '../wire/udp.ts';
import { flowKey } from './flow-key.ts';
import { FrameWriter, type SendFrame } from './frame-writer.ts';
import {
  anyAddress,
  ipv4,
  ipv6,
  isGatewayAddress,
  isOnPrefix,
  linkMtu,
  macs,
} from './link-addresses.ts';
import { dhcpPorts, LinkServices } from './link-services.ts';
import { TcpFlows, type TcpFlow, type TcpHandler } from './tcp-flows.ts';

/** A datagram of the guest. Its byte arrays are views that are good for the call only. */
export interface GuestDatagram {
  readonly guest: Address;
  readonly guestPort: number;
  readonly address: Address;
  readonly port: number;
  readonly payload: Uint8Array;
  /** Its IP packet, or as much of it as there is. */
  readonly packet: Uint8Array;
}

/** Why a frame was dropped that a well-behaved guest does not send. */
export type Misbehavior = 'spoofed source' | 'source route' | 'foreign MAC';

/** Of a datagram's payload, without jumbograms: RFC 768, RFC 8200. */
const maxDatagramBytes = { 4: 65_507, 16: 65_527 } as const;

const quotedBytes = 64;

/** What the gateway does. */
export interface StackEvents {
  readonly sendFrame: SendFrame;
  readonly isBusy: () => boolean;
  readonly randomSequence: () => number;
  readonly wake: () => void;
  readonly onTcpOpen: (flow: TcpFlow) => TcpHandler | undefined;
  readonly onTcpFull: (address: Address, port: number) => void;
  readonly onDatagram: (datagram: GuestDatagram) => void;
  /** The guest asks another address than the gateway's for an echo. */
  readonly onEcho: (guest: Address, address: Address, echo: EchoFields, packet: Uint8Array) => void;
  readonly onMisbehavior: (what: Misbehavior, address: Address | undefined) => void;
}

interface Packet {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** The whole, for what quotes it. */
  readonly bytes: Uint8Array;
}

/** See the head of this file. */
export class GuestStack {
  readonly tcp: TcpFlows;
  readonly #events: StackEvents;
  readonly #writer: FrameWriter;
  readonly #services: LinkServices;
  readonly #fragments = new Reassembly();
  #nowMs = 0;

  constructor(events: StackEvents) {
    this.#events = events;
    this.#writer = new FrameWriter(events.sendFrame);
    this.#services = new LinkServices(this.#writer);
    this.tcp = new TcpFlows({
      writer: this.#writer,
      isBusy: events.isBusy,
      randomSequence: events.randomSequence,
      onOpen: events.onTcpOpen,
      onFull: events.onTcpFull,
      wake: events.wake,
    });
  }

  /** Bytes of fragments that wait for others. */
  get heldFragmentBytes(): number {
    return this.#fragments.heldBytes;
  }

  /** Takes a frame of the guest, which may be anything. */
  receive(frame: Uint8Array, nowMs: number): void {
    this.#nowMs = nowMs;
    const ethernet = parseEthernet(frame);
    if (ethernet === undefined) return;
    if (!sameAddress(ethernet.source, macs.guest)) {
      this.#events.onMisbehavior('foreign MAC', undefined);
      return;
    }
    if (ethernet.type === etherType.ipv4) this.#receiveIpv4(ethernet.payload);
    else if (ethernet.type === etherType.ipv6) this.#receiveIpv6(ethernet.payload);
    else if (ethernet.type === etherType.arp) this.#services.receiveArp(ethernet.payload);
  }

  /** Sends a datagram to the guest, as from an address that it knows. */
  sendDatagram(
    from: { readonly address: Address; readonly port: number },
    to: { readonly guest: Address; readonly guestPort: number },
    payload: Uint8Array,
  ): void {
    if (payload.length > maxDatagramBytes[to.guest.length === 4 ? 4 : 16]) return;
    const ports = { sourcePort: from.port, destinationPort: to.guestPort };
    this.#writer.udp(from.address, to.guest, ports, payload);
  }

  /** Answers an echo as the address that was asked. */
  answerEcho(guest: Address, address: Address, echo: EchoFields): void {
    const message =
      guest.length === 4
        ? buildEchoReply(echo)
        : buildIcmpv6({ ...echo, kind: 'echo-reply' }, address, guest);
    // A question in fragments may be larger than the link is.
    if (message.length > linkMtu - (guest.length === 4 ? 20 : 40)) return;
    this.#writer.control(address, guest, message);
  }

  /** Says that a packet goes nowhere: refused by a rule, or because nobody is there. */
  refuse(guest: Address, packet: Uint8Array, why: 'administratively' | 'port' | 'host'): void {
    if (guest.length === 4) {
      const code = unreachableCode[why];
      const message = buildUnreachable({ code, original: packet });
      this.#writer.control(ipv4.gateway, guest, message);
      return;
    }
    const code = unreachableCodeV6[why === 'host' ? 'address' : why];
    const source = ipv6.gateway;
    const message = buildIcmpv6({ kind: 'unreachable', code, original: packet }, source, guest);
    this.#writer.control(source, guest, message);
  }

  #receiveIpv4(bytes: Uint8Array): void {
    const packet = parseIpv4(bytes);
    if (packet === undefined) return;
    const { source, destination, protocol } = packet;
    if (packet.sourceRouted) {
      this.#events.onMisbehavior('source route', destination);
      return;
    }
    if (sameAddress(source, anyAddress) && protocol === ipProtocol.udp) {
      this.#services.receiveDhcp(packet.payload, source, destination);
      return;
    }
    if (!sameAddress(source, ipv4.guest)) {
      this.#events.onMisbehavior('spoofed source', source);
      return;
    }
    let { payload } = packet;
    if (packet.isFragment) {
      const { fragmentOffset: offset, moreFragments: more, identification } = packet;
      const key = `4 ${String(identification)} ${String(protocol)} ${flowKey(source, 0, destination, 0)}`;
      const fragment = { key, offset, more, bytes: payload, nowMs: this.#nowMs };
      const whole = this.#fragments.add(fragment);
      if (whole === undefined) return;
      payload = whole;
      const quote = quoteOf(packet.header, whole);
      quote.fill(0, 6, 8);
      this.#dispatch({ source, destination, protocol, payload, bytes: quote });
      return;
    }
    this.#dispatch({ source, destination, protocol, payload, bytes });
  }

  #receiveIpv6(bytes: Uint8Array): void {
    const packet = parseIpv6(bytes);
    if (packet === undefined) return;
    const { source, destination } = packet;
    if (packet.hasRoutingHeader) {
      this.#events.onMisbehavior('source route', destination);
      return;
    }
    let { payload, protocol } = packet;
    let quoted = bytes;
    if (packet.fragment !== undefined) {
      const { offset, more, identification } = packet.fragment;
      // Those that disagree on what is within belong to different ones.
      const key = `6 ${String(identification)} ${String(protocol)} ${flowKey(source, 0, destination, 0)}`;
      const whole = this.#fragments.add({ key, offset, more, bytes: payload, nowMs: this.#nowMs });
      const upper = whole && skipIpv6Extensions(protocol, whole);
      if (upper === undefined || upper.fragment !== undefined || upper.hasRoutingHeader) return;
      ({ payload, protocol } = upper);
      quoted = quoteOf(bytes.subarray(0, ipv6HeaderBytes), payload);
      quoted[6] = protocol;
    }
    // RFC 4861, section 7.1: what a router has passed on is not of this link.
    const isOfLink = protocol === ipProtocol.icmpv6 && packet.hopLimit === 255;
    if (isOfLink && this.#services.discover(source, destination, payload)) return;
    if (!isOnPrefix(source) || sameAddress(source, ipv6.gateway)) {
      // The kernel speaks to its link by itself, with addresses that lead nowhere else.
      const isOwnTalk = source[0] === 0xfe || source.every((byte) => byte === 0);
      if (!isOwnTalk) this.#events.onMisbehavior('spoofed source', source);
      return;
    }
    this.#dispatch({ source, destination, protocol, payload, bytes: quoted });
  }

  #dispatch(packet: Packet): void {
    const { source, destination, payload, bytes } = packet;
    switch (packet.protocol) {
      case ipProtocol.tcp:
        this.tcp.receive(source, destination, payload, this.#nowMs);
        return;
      case ipProtocol.udp: {
        const datagram = parseUdp(payload, source, destination);
        if (datagram === undefined) return;
        if (source.length === 4 && datagram.destinationPort === dhcpPorts.server) {
          this.#services.receiveDhcp(payload, source, destination);
          return;
        }
        this.#events.onDatagram({
          guest: source,
          guestPort: datagram.sourcePort,
          address: destination,
          port: datagram.destinationPort,
          payload: datagram.payload,
          packet: bytes,
        });
        return;
      }
      default:
        this.#receiveControl(packet);
    }
  }

  #receiveControl({ source, destination, payload, protocol, bytes }: Packet): void {
    const message =
      source.length === 4 && protocol === ipProtocol.icmp
        ? parseIcmp(payload)
        : source.length === 16 && protocol === ipProtocol.icmpv6
          ? parseIcmpv6(payload, source, destination)
          : undefined;
    if (message?.kind !== 'echo-request') return;
    if (isGatewayAddress(destination)) this.answerEcho(source, destination, message);
    else this.#events.onEcho(source, destination, message, bytes);
  }
}

/** As much of a datagram that came in fragments as an error quotes, as if it had come whole. */
function quoteOf(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const quote = new Uint8Array(header.length + Math.min(quotedBytes, payload.length));
  quote.set(header);
  quote.set(payload.subarray(0, quotedBytes), header.length);
  return quote;
}
