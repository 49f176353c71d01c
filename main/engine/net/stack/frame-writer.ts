/** Frames to the guest: the headers in one buffer, behind the length that QEMU's stream wants. Pure. */
import type { Address } from '../wire/address.ts';
import { ethernetHeaderBytes, etherType, writeEthernet } from '../wire/ethernet.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { ipv4HeaderBytes, writeIpv4 } from '../wire/ipv4.ts';
import {
  ipv6FragmentBytes,
  ipv6FragmentHeader,
  ipv6HeaderBytes,
  writeIpv6,
  writeIpv6Fragment,
} from '../wire/ipv6.ts';
import { tcpHeaderLength, writeTcp, type TcpHeader } from '../wire/tcp.ts';
import { udpHeaderBytes, writeUdp } from '../wire/udp.ts';
import { linkMtu, macs } from './link-addresses.ts';

/** Takes a frame with its length in front; the payload follows the head without being copied. */
export type SendFrame = (head: Uint8Array, payload: readonly Uint8Array[]) => void;

/** Of QEMU's stream: the frame's length, 32 bits, big-endian. */
export const lengthBytes = 4;

/** See the head of this file. */
export class FrameWriter {
  readonly #send: SendFrame;
  readonly #gatewayMac: Uint8Array;
  #identification = 0;

  constructor(send: SendFrame, gatewayMac: Uint8Array = macs.gateway) {
    this.#send = send;
    this.#gatewayMac = gatewayMac;
  }

  tcp(
    header: TcpHeader,
    source: Address,
    destination: Address,
    payload: readonly Uint8Array[],
  ): void {
    const payloadBytes = payload.reduce((sum, piece) => sum + piece.length, 0);
    const tcpBytes = tcpHeaderLength(header);
    const { head, offset } = this.#packet(
      { source, destination, protocol: ipProtocol.tcp },
      tcpBytes,
      payloadBytes,
    );
    writeTcp(head, offset, header, source, destination, payload);
    this.#send(head, payload);
  }

  udp(
    source: Address,
    destination: Address,
    ports: { readonly sourcePort: number; readonly destinationPort: number },
    payload: Uint8Array,
  ): void {
    const length = udpHeaderBytes + payload.length;
    const addresses = { source, destination };
    if (length > linkMtu - (source.length === 4 ? ipv4HeaderBytes : ipv6HeaderBytes)) {
      const whole = new Uint8Array(length);
      writeUdp(whole, 0, { ...addresses, ...ports, payload });
      this.#fragments(addresses, whole);
      return;
    }
    const { head, offset } = this.#packet({ ...addresses, protocol: ipProtocol.udp }, length, 0);
    writeUdp(head, offset, { ...addresses, ...ports, payload });
    this.#send(head, []);
  }

  /** A message of ICMP, or of ICMP for IPv6 with its checksum already there. */
  control(
    source: Address,
    destination: Address,
    message: Uint8Array,
    options: { readonly hopLimit?: number } = {},
  ): void {
    const protocol = source.length === 4 ? ipProtocol.icmp : ipProtocol.icmpv6;
    const { head, offset } = this.#packet(
      { source, destination, protocol, ...options },
      message.length,
      0,
    );
    head.set(message, offset);
    this.#send(head, []);
  }

  arp(packet: Uint8Array): void {
    const head = this.#frame(etherType.arp, packet.length, 0);
    head.set(packet, lengthBytes + ethernetHeaderBytes);
    this.#send(head, []);
  }

  /** Sends a datagram that is larger than the link takes: RFC 791, section 3.2; RFC 8200, 4.5. */
  #fragments(addresses: { source: Address; destination: Address }, whole: Uint8Array): void {
    const isIpv4 = addresses.source.length === 4;
    const headerBytes = isIpv4 ? ipv4HeaderBytes : ipv6HeaderBytes + ipv6FragmentBytes;
    const room = (linkMtu - headerBytes) & ~7;
    this.#identification = (this.#identification + 1) & 0xffff;
    const identification = this.#identification;
    for (let offset = 0; offset < whole.length; offset += room) {
      const part = whole.subarray(offset, offset + room);
      const more = offset + room < whole.length;
      const type = isIpv4 ? etherType.ipv4 : etherType.ipv6;
      const head = this.#frame(type, headerBytes + part.length, 0);
      const at = lengthBytes + ethernetHeaderBytes;
      const protocol = ipProtocol.udp;
      if (isIpv4) {
        const payloadLength = part.length;
        const fragment = { offset, more };
        writeIpv4(head, at, { ...addresses, protocol, payloadLength, identification, fragment });
      } else {
        const payloadLength = ipv6FragmentBytes + part.length;
        writeIpv6(head, at, { ...addresses, protocol: ipv6FragmentHeader, payloadLength });
        const fragment = { offset, more, identification, protocol };
        writeIpv6Fragment(head, at + ipv6HeaderBytes, fragment);
      }
      head.set(part, at + headerBytes);
      this.#send(head, []);
    }
  }

  #packet(
    fields: {
      readonly source: Address;
      readonly destination: Address;
      readonly protocol: number;
      readonly hopLimit?: number;
    },
    innerBytes: number,
    payloadBytes: number,
  ): { head: Uint8Array; offset: number } {
    const isIpv4 = fields.source.length === 4;
    const headerBytes = isIpv4 ? ipv4HeaderBytes : ipv6HeaderBytes;
    const type = isIpv4 ? etherType.ipv4 : etherType.ipv6;
    const head = this.#frame(type, headerBytes + innerBytes, payloadBytes);
    const at = lengthBytes + ethernetHeaderBytes;
    const payloadLength = innerBytes + payloadBytes;
    if (isIpv4) {
      this.#identification = (this.#identification + 1) & 0xffff;
      writeIpv4(head, at, { ...fields, payloadLength, identification: this.#identification });
    } else {
      writeIpv6(head, at, { ...fields, payloadLength });
    }
    return { head, offset: at + headerBytes };
  }

  #frame(type: number, innerBytes: number, payloadBytes: number): Uint8Array {
    const head = new Uint8Array(lengthBytes + ethernetHeaderBytes + innerBytes);
    const length = ethernetHeaderBytes + innerBytes + payloadBytes;
    head[0] = length >>> 24;
    head[1] = length >>> 16;
    head[2] = length >>> 8;
    head[3] = length;
    writeEthernet(head, lengthBytes, { destination: macs.guest, source: this.#gatewayMac, type });
    return head;
  }
}
