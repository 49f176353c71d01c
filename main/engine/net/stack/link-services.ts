/** What the gateway says of itself on a link: ARP, neighbor and router discovery, DHCP. Pure. */
import { sameAddress, type Address } from '../wire/address.ts';
import { buildArp, parseArp } from '../wire/arp.ts';
import { buildDhcpReply, parseDhcpRequest } from '../wire/dhcp.ts';
import { buildIcmpv6, parseIcmpv6 } from '../wire/icmpv6.ts';
import { parseUdp } from '../wire/udp.ts';
import type { FrameWriter } from './frame-writer.ts';
import { anyAddress, ipv4, ipv6, linkMtu, macs } from './link-addresses.ts';

/** RFC 2131, section 4.1. */
export const dhcpPorts = { server: 67, client: 68 } as const;
const dhcpLeaseS = 7 * 24 * 60 * 60;
const allNodes = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** See the head of this file. */
export class LinkServices {
  readonly #writer: FrameWriter;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /** Of all addresses the gateway has one; that the guest says it had it changes nothing. */
  receiveArp(payload: Uint8Array): void {
    const packet = parseArp(payload);
    if (packet?.operation !== 'request') return;
    if (!sameAddress(packet.targetAddress, ipv4.gateway)) return;
    this.#writer.arp(
      buildArp({
        operation: 'reply',
        senderMac: macs.gateway,
        senderAddress: ipv4.gateway,
        targetMac: macs.guest,
        targetAddress: packet.senderAddress,
      }),
    );
  }

  /** Takes a message about neighbors and routers; false where it was about something else. */
  discover(source: Address, destination: Address, payload: Uint8Array): boolean {
    const message = parseIcmpv6(payload, source, destination);
    switch (message?.kind) {
      case 'neighbor-solicitation': {
        const { target } = message;
        const isOurs = sameAddress(target, ipv6.gateway) || sameAddress(target, ipv6.gatewayOnLink);
        if (!isOurs) return true;
        const isUnspecified = source.every((byte) => byte === 0);
        const to = isUnspecified ? allNodes : source;
        const advertisement = {
          kind: 'neighbor-advertisement' as const,
          target,
          mac: macs.gateway,
          isRouter: true,
          isSolicited: !isUnspecified,
          isOverride: true,
        };
        this.#writer.control(target, to, buildIcmpv6(advertisement, target, to), { hopLimit: 255 });
        return true;
      }
      case 'router-solicitation':
        this.#advertiseRouter();
        return true;
      case 'neighbor-advertisement':
        return true;
      default:
        return false;
    }
  }

  /** For a guest that brings its own init; it is always given the same address. */
  receiveDhcp(payload: Uint8Array, source: Address, destination: Address): void {
    const datagram = parseUdp(payload, source, destination);
    if (datagram?.destinationPort !== dhcpPorts.server) return;
    const request = parseDhcpRequest(datagram.payload);
    if (request === undefined) return;
    const { messageType, requestedAddress, clientAddress } = request;
    if (messageType !== 'discover' && messageType !== 'request' && messageType !== 'inform') return;
    const wanted = requestedAddress ?? clientAddress;
    const isOther = !sameAddress(wanted, ipv4.guest) && !sameAddress(wanted, anyAddress);
    const kind = messageType === 'discover' ? 'offer' : 'ack';
    const reply = buildDhcpReply({
      messageType: messageType === 'request' && isOther ? 'nak' : kind,
      request,
      yourAddress: ipv4.guest,
      serverAddress: ipv4.gateway,
      leaseS: dhcpLeaseS,
      prefix: ipv4.prefix,
      router: ipv4.gateway,
      nameServers: [ipv4.gateway],
      mtu: linkMtu,
    });
    const ports = { sourcePort: dhcpPorts.server, destinationPort: dhcpPorts.client };
    this.#writer.udp(ipv4.gateway, Uint8Array.of(255, 255, 255, 255), ports, reply);
  }

  #advertiseRouter(): void {
    const from = ipv6.gatewayOnLink;
    const message = buildIcmpv6(
      {
        kind: 'router-advertisement',
        mac: macs.gateway,
        lifetimeS: 9000,
        mtu: linkMtu,
        nameServer: ipv6.gateway,
        prefix: {
          address: ipv6.gateway,
          length: ipv6.prefix,
          isAutonomous: true,
          validS: dhcpLeaseS,
          preferredS: dhcpLeaseS,
        },
      },
      from,
      allNodes,
    );
    this.#writer.control(from, allNodes, message, { hopLimit: 255 });
  }
}
