/** A stack with a clock of its own, and what it said: frames, parsed back, and events. */
import { sameAddress } from '../../wire/address.ts';
import { parseArp, type ArpPacket } from '../../wire/arp.ts';
import { read32 } from '../../wire/bytes.ts';
import { etherType, parseEthernet } from '../../wire/ethernet.ts';
import { parseIcmp, type EchoFields } from '../../wire/icmp.ts';
import { parseIcmpv6 } from '../../wire/icmpv6.ts';
import { ipProtocol } from '../../wire/ip-protocol.ts';
import { parseIpv4 } from '../../wire/ipv4.ts';
import { parseIpv6 } from '../../wire/ipv6.ts';
import { parseTcp } from '../../wire/tcp.ts';
import { parseUdp } from '../../wire/udp.ts';
import { addressText } from '../address-text.ts';
import { lengthBytes } from '../frame-writer.ts';
import { GuestStack, type GuestDatagram, type StackEvents } from '../guest-stack.ts';
import { linkMtu, macs } from '../link-addresses.ts';
import type { TcpFlow, TcpHandler } from '../tcp-flows.ts';

/** A packet that the stack sent. */
export interface SentPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly hopLimit: number;
  readonly payload: Uint8Array;
  readonly tcp?: NonNullable<ReturnType<typeof parseTcp>>;
  readonly udp?: NonNullable<ReturnType<typeof parseUdp>>;
  readonly control?: NonNullable<ReturnType<typeof parseIcmp> | ReturnType<typeof parseIcmpv6>>;
}

/** Reads a frame with its length in front. Throws where anything of it is not as it has to be. */
export function readSent(bytes: Uint8Array): SentPacket | ArpPacket {
  const frame = bytes.subarray(lengthBytes);
  if (read32(bytes, 0) !== frame.length) throw new Error('The length is not that of the frame.');
  const ethernet = parseEthernet(frame);
  if (ethernet === undefined) throw new Error('It is no frame.');
  if (!sameAddress(ethernet.destination, macs.guest)) throw new Error('It is not to the guest.');
  if (!sameAddress(ethernet.source, macs.gateway)) throw new Error('It is not of the gateway.');
  if (ethernet.payload.length > linkMtu) throw new Error('It is larger than the link carries.');
  const packet =
    ethernet.type === etherType.arp ? parseArp(ethernet.payload) : readIp(ethernet.payload);
  if (packet === undefined) throw new Error('What the frame carries is malformed.');
  return packet;
}

function readIp(bytes: Uint8Array): SentPacket | undefined {
  const four = parseIpv4(bytes);
  const packet = four ?? parseIpv6(bytes);
  if (packet === undefined || 'fragment' in packet || four?.isFragment) return;
  const { source, destination, protocol, payload } = packet;
  const base = {
    ...{ source: addressText(source), destination: addressText(destination), protocol, payload },
    hopLimit: 'ttl' in packet ? packet.ttl : packet.hopLimit,
  };
  if (protocol === ipProtocol.tcp) {
    const tcp = parseTcp(payload, source, destination);
    return tcp && { ...base, tcp };
  }
  if (protocol === ipProtocol.udp) {
    const udp = parseUdp(payload, source, destination);
    return udp && { ...base, udp };
  }
  const control =
    four === undefined ? parseIcmpv6(payload, source, destination) : parseIcmp(payload);
  return control && { ...base, control };
}

/** The other side of a connection, which uses what comes at once. */
export class FlowEnd implements TcpHandler {
  readonly flow: TcpFlow | undefined;
  readonly received: number[] = [];
  readonly told: string[] = [];

  constructor(flow?: TcpFlow) {
    this.flow = flow;
  }

  onEstablished(): void {
    this.told.push('established');
  }

  onData(bytes: Uint8Array): void {
    this.received.push(...bytes);
    this.flow?.use(bytes.length);
  }

  onEnd(): void {
    this.told.push('end');
  }

  onTaken(byteCount: number): void {
    this.told.push(`taken ${String(byteCount)}`);
  }

  onClosed(reason: string): void {
    this.told.push(reason);
  }
}

/** An echo that the guest asked elsewhere for. */
interface AskedEcho {
  readonly address: string;
  readonly fields: EchoFields;
}

/** See the head of this file. */
export class StackUnderTest {
  nowMs = 1000;
  readonly stack: GuestStack;
  readonly flows: FlowEnd[] = [];
  readonly datagrams: GuestDatagram[] = [];
  readonly echoes: AskedEcho[] = [];
  readonly misbehaviors: string[] = [];
  readonly full: string[] = [];
  #sent: Uint8Array[] = [];

  constructor(events: Partial<StackEvents> = {}) {
    this.stack = new GuestStack({
      sendFrame: (head, payload) => {
        this.#sent.push(Uint8Array.from(Buffer.concat([head, ...payload])));
      },
      isBusy: () => false,
      randomSequence: () => 5000,
      wake: () => undefined,
      onTcpOpen: (flow) => {
        const end = new FlowEnd(flow);
        this.flows.push(end);
        flow.accept();
        return end;
      },
      onTcpFull: (address, port) => this.full.push(`${addressText(address)} ${String(port)}`),
      onDatagram: (datagram) => {
        const [payload, packet] = [datagram.payload.slice(), datagram.packet.slice()];
        const [guest, address] = [datagram.guest.slice(), datagram.address.slice()];
        this.datagrams.push({ ...datagram, guest, address, payload, packet });
      },
      onEcho: (_guest, address, { identifier, sequence, data }) => {
        const fields = { identifier, sequence, data: data.slice() };
        this.echoes.push({ address: addressText(address), fields });
      },
      onMisbehavior: (what, address) =>
        this.misbehaviors.push(address === undefined ? what : `${what} ${addressText(address)}`),
      ...events,
    });
  }

  /** Gives the stack frames of the guest and returns what it answers. */
  give(...frames: readonly Uint8Array[]): (SentPacket | ArpPacket)[] {
    // As they come: views of something larger, at any offset, that is not theirs afterwards.
    for (const frame of frames) {
      const slab = new Uint8Array(frame.length + 7);
      slab.set(frame, 3);
      this.stack.receive(slab.subarray(3, 3 + frame.length), this.nowMs);
      slab.fill(0xee);
    }
    return this.flush();
  }

  /** What was sent since the last call. */
  flush(): (SentPacket | ArpPacket)[] {
    return this.flushFrames().map(readSent);
  }

  /** What was sent since the last call, each with its length in front. */
  flushFrames(): Uint8Array[] {
    this.stack.tcp.flush(this.nowMs);
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** The only packet that the stack answers with. Throws where there is none, or more. */
  answer(...frames: readonly Uint8Array[]): SentPacket {
    const [only, ...others] = this.give(...frames);
    if (only === undefined || others.length > 0 || !('protocol' in only)) {
      throw new Error(`One packet was expected, not ${String(others.length + (only ? 1 : 0))}.`);
    }
    return only;
  }
}
