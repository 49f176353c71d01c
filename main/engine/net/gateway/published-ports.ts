/** Ports of the host that lead to the guest. */
import { createSocket, type RemoteInfo, type Socket as Datagrams } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { canonicalAddress } from '../../../contract/config/destination.ts';
import {
  listenerOf,
  type HostListener,
  type PortMapping,
} from '../../../contract/config/port-mapping.ts';
import { decide, type Knowledge } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import type { GuestDatagram, GuestStack } from '../stack/guest-stack.ts';
import { ipv4 } from '../stack/link-addresses.ts';
import type { NewDecision } from './decision-reporter.ts';
import { IncomingTcp } from './incoming-tcp.ts';

/** What ports need of the gateway. */
export interface PortSurroundings {
  readonly policy: () => Policy;
  readonly knowledge: Knowledge;
  readonly stack: () => GuestStack;
  readonly onDecision: (decision: NewDecision) => void;
  readonly flush: () => void;
  /** There is one to forget when its time has come. */
  readonly onPeer: () => void;
}

/** Connections that the kernel keeps until they are taken. */
const backlog = 511;
const udpIdleMs = 120_000;
/** Peers of all published UDP ports. */
const maxUdpPeers = 1024;
const firstUdpPort = 20_000;

interface UdpPeer {
  readonly key: string;
  readonly socket: Datagrams;
  readonly remote: RemoteInfo;
  readonly guestPort: number;
  usedMs: number;
}

/** See the head of this file. */
export class PublishedPorts {
  readonly #around: PortSurroundings;
  readonly #open = new Map<string, { close: () => Promise<void> }>();
  readonly #connections = new Set<IncomingTcp>();
  /** By the port of the gateway that stands for the peer in the guest. */
  readonly #peers = new Map<number, UdpPeer>();
  readonly #peerPorts = new Map<string, number>();
  #lastPort = firstUdpPort;
  #closedTimes = 0;

  constructor(around: PortSurroundings) {
    this.#around = around;
  }

  /** Listens. @throws the system's error, `EADDRINUSE` for one */
  async add(port: PortMapping): Promise<void> {
    const key = listenerOf(port);
    if (this.#open.has(key)) return;
    const closedTimes = this.#closedTimes;
    const open =
      port.protocol === 'tcp' ? await this.#listenTcp(port) : await this.#listenUdp(port);
    // Closed meanwhile: nobody would close it any more.
    if (closedTimes !== this.#closedTimes) await open.close();
    else this.#open.set(key, open);
  }

  /** Stops listening, and ends what came that way. */
  async remove(listener: HostListener): Promise<void> {
    const key = listenerOf(listener);
    const open = this.#open.get(key);
    this.#open.delete(key);
    await open?.close();
  }

  async close(): Promise<void> {
    this.#closedTimes += 1;
    const listeners = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  /** Takes an answer of the guest to a peer of a UDP port; false where it is none. */
  takeDatagram({ guestPort, port, payload }: GuestDatagram): boolean {
    const peer = this.#peers.get(port);
    if (peer?.guestPort !== guestPort) return false;
    peer.usedMs = Date.now();
    peer.socket.send(payload.slice(), peer.remote.port, peer.remote.address);
    return true;
  }

  /** Ends what the policy does not allow any more. */
  reconsider(): void {
    const { policy, knowledge, onDecision } = this.#around;
    const isDenied = (protocol: 'tcp' | 'udp', remote: string, port: number): boolean => {
      const flow = flowFrom(protocol, remote, port);
      const verdict = decide(policy(), flow, knowledge);
      if (verdict.verdict === 'allow') return false;
      onDecision({ ...verdict, ...flow });
      return true;
    };
    for (const connection of this.#connections) {
      if (isDenied('tcp', connection.remote, connection.guestPort)) connection.abort();
    }
    for (const [port, { remote, guestPort }] of this.#peers) {
      if (isDenied('udp', remote.address, guestPort)) this.#forget(port);
    }
  }

  /** Peers that are remembered for a while. */
  get peerCount(): number {
    return this.#peers.size;
  }

  /** Forgets peers that are gone; to be called from time to time. */
  tick(nowMs: number): void {
    for (const [port, { usedMs }] of this.#peers) {
      if (nowMs - usedMs >= udpIdleMs) this.#forget(port);
    }
  }

  #forget(port: number): void {
    const peer = this.#peers.get(port);
    if (peer === undefined) return;
    this.#peers.delete(port);
    this.#peerPorts.delete(peer.key);
  }

  async #listenTcp(port: PortMapping): Promise<{ close: () => Promise<void> }> {
    const own = new Set<IncomingTcp>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      this.#accept(socket, port, own);
    });
    await listen(server, port);
    return {
      close: () =>
        new Promise((resolve) => {
          server.close(() => {
            resolve();
          });
          for (const connection of own) connection.abort();
        }),
    };
  }

  #accept(socket: Socket, { guestPort }: PortMapping, own: Set<IncomingTcp>): void {
    const connection = new IncomingTcp(socket, guestPort, (gone) => {
      own.delete(gone);
      this.#connections.delete(gone);
    });
    own.add(connection);
    this.#connections.add(connection);
    if (!this.#isAllowed('tcp', connection.remote, guestPort)) {
      connection.abort();
      return;
    }
    const at = { guest: ipv4.guest, guestPort, address: ipv4.gateway };
    const flow = this.#around.stack().tcp.connect(at, connection, Date.now());
    if (flow === undefined) connection.abort();
    else connection.start(flow);
    this.#around.flush();
  }

  async #listenUdp(port: PortMapping): Promise<{ close: () => Promise<void> }> {
    const socket = createSocket(port.bind.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ port: port.hostPort, address: port.bind, exclusive: true }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.on('message', (message, remote) => {
      const from = this.#portFor(socket, remote, port);
      if (from === undefined) return;
      const to = { guest: ipv4.guest, guestPort: port.guestPort };
      this.#around.stack().sendDatagram({ address: ipv4.gateway, port: from }, to, message);
      this.#around.flush();
    });
    return {
      close: () =>
        new Promise((resolve) => {
          for (const [from, peer] of this.#peers) {
            if (peer.socket === socket) this.#forget(from);
          }
          socket.close(() => {
            resolve();
          });
        }),
    };
  }

  /** The port that a peer has in the guest; one for each listener that it speaks to. */
  #portFor(socket: Datagrams, remote: RemoteInfo, port: PortMapping): number | undefined {
    const { guestPort } = port;
    // Who sends from port 0 cannot be answered.
    if (remote.port === 0) return undefined;
    const key = `${listenerOf(port)} ${remote.address} ${String(remote.port)}`;
    const known = this.#peerPorts.get(key);
    if (known !== undefined) {
      const peer = this.#peers.get(known);
      if (peer !== undefined) peer.usedMs = Date.now();
      return known;
    }
    if (this.#peers.size >= maxUdpPeers) return undefined;
    if (!this.#isAllowed('udp', remote.address, guestPort)) return undefined;
    do {
      this.#lastPort = this.#lastPort >= 65_535 ? firstUdpPort : this.#lastPort + 1;
    } while (this.#peers.has(this.#lastPort));
    this.#around.onPeer();
    this.#peers.set(this.#lastPort, { key, socket, remote, guestPort, usedMs: Date.now() });
    this.#peerPorts.set(key, this.#lastPort);
    return this.#lastPort;
  }

  #isAllowed(protocol: 'tcp' | 'udp', remote: string, port: number): boolean {
    const { policy, knowledge, onDecision } = this.#around;
    const flow = flowFrom(protocol, remote, port);
    const verdict = decide(policy(), flow, knowledge);
    onDecision({ ...verdict, ...flow });
    return verdict.verdict === 'allow';
  }
}

/** From an address as sockets say it: with a zone, or of IPv4 in the words of IPv6. */
function flowFrom(protocol: 'tcp' | 'udp', remote: string, port: number) {
  const plain = remote.replace(/^::ffff:(?=[\d.]+$)/, '').replace(/%.*$/s, '');
  const address = canonicalAddress(plain) ?? '0.0.0.0';
  return { direction: 'ingress', protocol, address, port } as const;
}

function listen(server: Server, { bind, hostPort }: PortMapping): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: hostPort, host: bind, backlog, exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}
