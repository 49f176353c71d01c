/** Datagrams of the guest to elsewhere and back: one socket for each flow, until it is idle. */
import { createSocket, type Socket } from 'node:dgram';
import { decide, type Flow, type Knowledge } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import { addressText } from '../stack/address-text.ts';
import { flowKey } from '../stack/flow-key.ts';
import type { GuestDatagram, GuestStack } from '../stack/guest-stack.ts';
import type { Address } from '../wire/address.ts';
import type { NewDecision } from './decision-reporter.ts';
import { dialAddresses } from './own-addresses.ts';

/** What the relay needs of the gateway. */
export interface UdpSurroundings {
  readonly policy: () => Policy;
  readonly knowledge: Knowledge;
  readonly stack: () => GuestStack;
  readonly isBusy: () => boolean;
  readonly onDecision: (decision: NewDecision) => void;
  /** There are as many flows as there can be: the one that was idle longest made way. */
  readonly onFull: (address: string, port: number) => void;
  readonly flush: () => void;
}

/** RFC 4787, requirement 5, asks for two minutes or more. */
const idleMs = 120_000;
/** Most flows of a sandbox at a time. */
export const maxUdpFlows = 1024;
const quotedBytes = 80;

interface UdpFlow {
  readonly key: string;
  readonly guest: Address;
  readonly guestPort: number;
  readonly address: Address;
  readonly text: string;
  readonly port: number;
  readonly socket: Socket;
  /** The beginning of the latest packet, to quote where nobody is there. */
  quoted: Uint8Array;
  usedMs: number;
  isConnected: boolean;
  waiting: Uint8Array[];
}

/** See the head of this file. */
export class UdpRelay {
  readonly #around: UdpSurroundings;
  /** The one that was used longest ago first. */
  readonly #flows = new Map<string, UdpFlow>();

  constructor(around: UdpSurroundings) {
    this.#around = around;
  }

  get size(): number {
    return this.#flows.size;
  }

  send(datagram: GuestDatagram): void {
    const { guest, guestPort, address, port } = datagram;
    const key = flowKey(guest, guestPort, address, port);
    const flow = this.#flows.get(key) ?? this.#open(datagram, key);
    if (flow === undefined) return;
    this.#touch(flow);
    flow.quoted = datagram.packet.slice(0, quotedBytes);
    const payload = datagram.payload.slice();
    if (flow.isConnected) flow.socket.send(payload);
    else if (flow.waiting.length < 16) flow.waiting.push(payload);
  }

  /** Ends flows that the policy does not allow any more. */
  reconsider(): void {
    const { policy, knowledge } = this.#around;
    for (const flow of this.#flows.values()) {
      const verdict = decide(policy(), describe(flow.text, flow.port), knowledge);
      if (verdict.verdict === 'deny') this.#close(flow);
    }
  }

  /** Ends what nobody used; to be called from time to time. */
  tick(nowMs: number): void {
    for (const flow of this.#flows.values()) {
      if (nowMs - flow.usedMs < idleMs) return;
      this.#close(flow);
    }
  }

  close(): void {
    for (const flow of this.#flows.values()) this.#close(flow);
  }

  #open(datagram: GuestDatagram, key: string): UdpFlow | undefined {
    const { policy, knowledge, stack, onDecision } = this.#around;
    const { guest, guestPort, address, port, packet } = datagram;
    const text = addressText(address);
    const verdict = decide(policy(), describe(text, port), knowledge);
    const [name] = knowledge.namesOf(text);
    const named = name === undefined ? {} : { name };
    const at = { direction: 'egress', protocol: 'udp', address: text, port } as const;
    onDecision({ ...verdict, ...at, ...named });
    if (verdict.verdict === 'deny') {
      stack().refuse(guest.slice(), packet, 'administratively');
      return undefined;
    }
    if (port === 0) {
      // A socket does not take it.
      stack().refuse(guest.slice(), packet, 'port');
      return undefined;
    }
    const [oldest] = this.#flows.values();
    if (this.#flows.size >= maxUdpFlows && oldest !== undefined) {
      this.#around.onFull(text, port);
      this.#close(oldest);
    }
    const socket = createSocket(address.length === 4 ? 'udp4' : 'udp6');
    const flow: UdpFlow = {
      ...{ key, guest: guest.slice(), guestPort, address: address.slice(), text, port, socket },
      ...{ quoted: new Uint8Array(), usedMs: 0, isConnected: false, waiting: [] },
    };
    this.#listen(flow);
    return flow;
  }

  #listen(flow: UdpFlow): void {
    const { stack, isBusy, flush } = this.#around;
    const { socket, address, port, guest, guestPort } = flow;
    socket.on('message', (message) => {
      this.#touch(flow);
      // A guest that does not keep up loses datagrams, as everywhere.
      if (isBusy()) return;
      stack().sendDatagram({ address, port }, { guest, guestPort }, message);
      flush();
    });
    socket.on('error', () => {
      stack().refuse(guest, flow.quoted, 'port');
      flush();
      this.#close(flow);
    });
    const [at] = dialAddresses(flow.text);
    // No callback: it would be called for an error as well, which is told as one without it.
    socket.once('connect', () => {
      if (this.#flows.get(flow.key) !== flow) return;
      flow.isConnected = true;
      for (const payload of flow.waiting) socket.send(payload);
      flow.waiting = [];
    });
    socket.connect(port, at);
  }

  #touch(flow: UdpFlow): void {
    flow.usedMs = Date.now();
    this.#flows.delete(flow.key);
    this.#flows.set(flow.key, flow);
  }

  #close(flow: UdpFlow): void {
    if (this.#flows.get(flow.key) === flow) this.#flows.delete(flow.key);
    flow.socket.removeAllListeners('error');
    flow.socket.on('error', () => undefined);
    try {
      flow.socket.close();
    } catch {
      // It is closed already.
    }
  }
}

function describe(address: string, port: number): Flow {
  return { direction: 'egress', protocol: 'udp', address, port, serverName: null };
}
