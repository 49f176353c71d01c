/** A guest without a machine: TCP of our own, datagrams by hand, over the socket of a machine. */
import { addressText } from '../../stack/address-text.ts';
import { FrameWriter } from '../../stack/frame-writer.ts';
import { ipv4, ipv6, macs } from '../../stack/link-addresses.ts';
import { tcp, udp, type Ends } from '../../stack/testing/guest-frames.ts';
import type { SentPacket } from '../../stack/testing/stack-under-test.ts';
import { resetFor } from '../../tcp/segment.ts';
import { tcpFlag as flag } from '../../wire/tcp.ts';
import type { Address } from '../../wire/address.ts';
import { ipProtocol } from '../../wire/ip-protocol.ts';
import { Bell } from './bell.ts';
import { GuestConnection } from './guest-connection.ts';
import type { MachineSocket } from './machine-socket.ts';

/** See the head of this file. */
export class Guest {
  readonly machine: MachineSocket;
  readonly #writer: FrameWriter;
  readonly #connections = new Map<string, GuestConnection>();
  readonly #listening = new Set<number>();
  #accepted: GuestConnection[] = [];
  readonly #bell = new Bell();
  #lastPort = 40_000;
  #timer: NodeJS.Timeout | undefined;

  constructor(machine: MachineSocket) {
    this.machine = machine;
    // The gateway asks whom a frame is from and not whom it is to.
    this.#writer = new FrameWriter((head, payload) => {
      machine.sendWithLength(head, payload);
    }, macs.guest);
    machine.onPacket = (packet) => this.#take(packet);
    machine.onBatch = () => {
      for (const connection of this.#connections.values()) connection.flush();
      this.#arm();
      this.#bell.ring();
    };
  }

  /** Opens a connection to the gateway's address, which stands for this machine, or to another. */
  connect(port: number, address: Address = ipv4.gateway): GuestConnection {
    this.#lastPort += 1;
    const ends = { source: address.length === 4 ? ipv4.guest : ipv6.guest, destination: address };
    return this.#open(ends, { own: this.#lastPort, other: port });
  }

  /** Takes connections to a port; others are answered with a reset. */
  listen(port: number): void {
    this.#listening.add(port);
  }

  /** The next connection that came to a port it listens on. */
  async accepted(): Promise<GuestConnection> {
    await this.#bell.until(() => this.#accepted.length > 0);
    const [first, ...others] = this.#accepted;
    this.#accepted = others;
    if (first === undefined) throw new Error('There is no connection.');
    return first;
  }

  /** Sends a datagram from a port to one of the gateway's address, or of another. */
  sendDatagram(from: number, to: number, text: string, address: Address = ipv4.gateway): void {
    const ends = { source: address.length === 4 ? ipv4.guest : ipv6.guest, destination: address };
    this.machine.send(udp(ends, { from, to }, Buffer.from(text)));
  }

  /** The next datagram to a port of the guest. */
  async datagram(port: number): Promise<{ from: string; fromPort: number; text: string }> {
    const { source, udp: found } = await this.machine.packet(
      (packet) => packet.udp?.destinationPort === port,
    );
    if (found === undefined) throw new Error('It is no datagram.');
    const text = Buffer.from(found.payload).toString();
    return { from: source, fromPort: found.sourcePort, text };
  }

  /** Code of the next ICMP error that says that a packet went nowhere, and what it quotes. */
  async unreachable(): Promise<{ code: number; quoted: Uint8Array }> {
    const { payload } = await this.machine.packet(
      ({ protocol, payload: message }) =>
        (protocol === ipProtocol.icmp && message[0] === 3) ||
        (protocol === ipProtocol.icmpv6 && message[0] === 1),
    );
    return { code: payload[1] ?? 0, quoted: payload.subarray(8) };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#connections.clear();
  }

  #open(
    ends: Ends,
    ports: { own: number; other: number },
    syn?: NonNullable<SentPacket['tcp']>,
  ): GuestConnection {
    const connection = GuestConnection.open({ ends, ports }, this.#writer, syn);
    const key = keyOf(ports.own, addressText(ends.destination), ports.other);
    this.#connections.set(key, connection);
    this.#arm();
    return connection;
  }

  #take({ source, destination, tcp: segment }: SentPacket): boolean {
    if (segment === undefined) return false;
    const key = keyOf(segment.destinationPort, source, segment.sourcePort);
    const connection = this.#connections.get(key);
    if (connection !== undefined) {
      connection.take(segment, segment.payload);
      return true;
    }
    const ports = { own: segment.destinationPort, other: segment.sourcePort };
    const isIpv4 = !destination.includes(':');
    const ends = isIpv4
      ? { source: ipv4.guest, destination: ipv4.gateway }
      : { source: ipv6.guest, destination: ipv6.gateway };
    const isSyn = (segment.flags & (flag.syn | flag.ack)) === flag.syn;
    if (isSyn && this.#listening.has(ports.own)) {
      this.#accepted.push(this.#open(ends, ports, segment));
      return true;
    }
    const reset = resetFor(segment, segment.payload.length);
    if (reset === undefined) return true;
    const { sequence, acknowledgment, flags, window } = reset;
    const named = { sourcePort: ports.own, destinationPort: ports.other };
    this.machine.send(tcp(ends, { sequence, acknowledgment, flags, window, ...named }));
    return true;
  }

  /** TCP's own clock: what was lost with a link is sent again. */
  #arm(): void {
    clearTimeout(this.#timer);
    const all = [...this.#connections.values()];
    const atMs = Math.min(...all.map(({ deadlineMs }) => deadlineMs));
    if (atMs === Infinity) return;
    const tick = (): void => {
      for (const connection of this.#connections.values()) connection.tick();
      this.#arm();
    };
    this.#timer = setTimeout(tick, Math.min(Math.max(1, atMs - Date.now()), 60_000));
  }
}

function keyOf(own: number, address: string, other: number): string {
  return `${String(own)} ${address} ${String(other)}`;
}
