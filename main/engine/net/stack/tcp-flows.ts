/** The TCP connections of a guest: found by their addresses, bounded in number and memory. Pure. */
import { Connection, type ConnectionEvents } from '../tcp/connection.ts';
import { resetFor, type Segment } from '../tcp/segment.ts';
import type { Address } from '../wire/address.ts';
import { parseTcp, type TcpHeader, tcpFlag as flag } from '../wire/tcp.ts';
import { flowKey } from './flow-key.ts';
import type { FrameWriter } from './frame-writer.ts';
import { linkMtu } from './link-addresses.ts';

/** What is done with a connection at the other side of the gateway. */
export interface TcpHandler {
  onEstablished(): void;
  /** A view that is good for this call only; each byte has to be {@link TcpFlow.use}d. */
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onTaken(byteCount: number): void;
  onClosed(reason: 'finished' | 'reset' | 'refused' | 'timeout'): void;
}

/** A connection between the guest and an address that the gateway stands for. */
export interface TcpFlow {
  readonly guest: Address;
  readonly guestPort: number;
  readonly address: Address;
  readonly port: number;
  /** Bytes that may be queued for the guest at most: fewer where there are many connections. */
  readonly sendLimit: number;
  /** How many of them may be queued now. */
  readonly sendRoom: number;
  accept(): void;
  write(bytes: Uint8Array): void;
  end(): void;
  abort(): void;
  use(byteCount: number): void;
}

/** What the table needs of the gateway. */
export interface TcpSurroundings {
  readonly writer: FrameWriter;
  readonly isBusy: () => boolean;
  /** 32 bits that nobody can guess. */
  readonly randomSequence: () => number;
  /** A connection is asked for; undefined where it is refused without a word more than a reset. */
  readonly onOpen: (flow: TcpFlow) => TcpHandler | undefined;
  /** A connection was refused because there are as many as there can be. */
  readonly onFull: (address: Address, port: number) => void;
  /** Something waits for {@link TcpFlows.flush}. */
  readonly wake: () => void;
}

/** Most connections of a sandbox at a time. */
export const maxTcpFlows = 4096;
/** Of a connection, in each direction, while there are few; all together stay below 256 MiB. */
const maxBufferBytes = 256 * 1024;
const allBuffersBytes = 128 * 1024 * 1024;
const minBufferBytes = 32 * 1024;
/** Long for a guest that writes, short for one that waits. */
const lateAckMs = 1;
const headersBytes = { 4: 40, 16: 60 } as const;

class Flow implements TcpFlow {
  handler: TcpHandler | undefined;
  connection!: Connection;
  readonly key: string;
  readonly guest: Address;
  readonly guestPort: number;
  readonly address: Address;
  readonly port: number;
  readonly #table: TcpFlows;

  constructor(
    table: TcpFlows,
    at: Pick<TcpFlow, 'guest' | 'guestPort' | 'address' | 'port'>,
    key: string,
  ) {
    this.#table = table;
    this.guest = at.guest;
    this.guestPort = at.guestPort;
    this.address = at.address;
    this.port = at.port;
    this.key = key;
  }

  get sendLimit(): number {
    return this.#table.bufferBytes;
  }

  get sendRoom(): number {
    return Math.max(0, this.sendLimit - this.connection.queuedBytes);
  }

  accept(): void {
    this.connection.accept(this.#table.nowMs);
    this.#table.touch(this);
  }

  write(bytes: Uint8Array): void {
    this.connection.write(bytes);
    this.#table.touch(this);
  }

  end(): void {
    this.connection.end();
    this.#table.touch(this);
  }

  abort(): void {
    this.connection.abort();
  }

  use(byteCount: number): void {
    this.connection.use(byteCount);
    this.#table.touch(this);
  }
}

/** See the head of this file. */
export class TcpFlows {
  readonly #around: TcpSurroundings;
  readonly #flows = new Map<string, Flow>();
  /** Those that may have something to send. */
  #touched = new Set<Flow>();
  /** Those that owe an acknowledgment. */
  readonly #owing = new Set<Flow>();
  #ackAtMs = Infinity;
  #deadlineMs = Infinity;
  #lastPort = 49_151;
  nowMs = 0;

  constructor(around: TcpSurroundings) {
    this.#around = around;
  }

  get size(): number {
    return this.#flows.size;
  }

  /** When {@link tick} has something to do. */
  get deadlineMs(): number {
    return Math.min(this.#deadlineMs, this.#ackAtMs);
  }

  get bufferBytes(): number {
    const share = Math.floor(allBuffersBytes / Math.max(1, this.#flows.size));
    return Math.max(minBufferBytes, Math.min(maxBufferBytes, share));
  }

  /** Takes a segment of the guest; both addresses are views of its packet. */
  receive(source: Address, destination: Address, payload: Uint8Array, nowMs: number): void {
    this.nowMs = nowMs;
    const parsed = parseTcp(payload, source, destination);
    if (parsed === undefined) return;
    const key = flowKey(source, parsed.sourcePort, destination, parsed.destinationPort);
    const known = this.#flows.get(key);
    const isSyn = (parsed.flags & (flag.syn | flag.ack | flag.rst)) === flag.syn;
    if (known !== undefined && !(known.connection.isOver && isSyn)) {
      known.connection.receive(parsed, parsed.payload, nowMs);
      this.touch(known);
      return;
    }
    if (isSyn) this.#open(source, destination, parsed, key);
    else this.#refuse(source, destination, parsed, parsed.payload.length);
  }

  /** Opens a connection to the guest. Undefined where there are as many as there can be. */
  connect(
    at: Pick<TcpFlow, 'guest' | 'guestPort' | 'address'>,
    handler: TcpHandler,
    nowMs: number,
  ): TcpFlow | undefined {
    this.nowMs = nowMs;
    if (this.#flows.size >= maxTcpFlows) return undefined;
    for (let tries = 0; tries < 16_384; tries += 1) {
      this.#lastPort = this.#lastPort >= 65_535 ? 49_152 : this.#lastPort + 1;
      const port = this.#lastPort;
      const key = flowKey(at.guest, at.guestPort, at.address, port);
      if (this.#flows.has(key)) continue;
      const flow = new Flow(this, { ...at, port }, key);
      flow.handler = handler;
      this.#flows.set(key, flow);
      flow.connection = Connection.open(this.#events(flow), this.#options(at.address), nowMs);
      this.touch(flow);
      return flow;
    }
    return undefined;
  }

  /** Sends what there is to send; to be called once after any number of other calls. */
  flush(nowMs: number): void {
    this.nowMs = nowMs;
    const flows = this.#touched;
    this.#touched = new Set();
    for (const flow of flows) {
      flow.connection.flush(nowMs);
      this.#deadlineMs = Math.min(this.#deadlineMs, flow.connection.deadlineMs);
      if (flow.connection.isClosed) this.#forget(flow);
      // What could not be sent is tried again when the link takes more.
      else if (this.#around.isBusy()) this.#touched.add(flow);
      if (flow.connection.owesAcknowledgment) this.#owing.add(flow);
    }
    if (this.#owing.size > 0) this.#ackAtMs = Math.min(this.#ackAtMs, nowMs + lateAckMs);
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs;
    if (nowMs >= this.#ackAtMs) this.#acknowledge();
    if (nowMs < this.#deadlineMs) return;
    this.#deadlineMs = Infinity;
    for (const flow of this.#flows.values()) {
      flow.connection.tick(nowMs);
      if (flow.connection.isClosed) this.#forget(flow);
      else this.#deadlineMs = Math.min(this.#deadlineMs, flow.connection.deadlineMs);
    }
  }

  /** For {@link Flow}. */
  touch(flow: Flow): void {
    this.#touched.add(flow);
    this.#around.wake();
  }

  #acknowledge(): void {
    this.#ackAtMs = Infinity;
    for (const flow of this.#owing) flow.connection.acknowledge();
    this.#owing.clear();
  }

  #open(source: Address, destination: Address, syn: TcpHeader, key: string): void {
    if (this.#flows.size >= maxTcpFlows && !this.#flows.has(key)) {
      this.#around.onFull(destination.slice(), syn.destinationPort);
      this.#refuse(source, destination, syn, 0);
      return;
    }
    const before = this.#flows.get(key);
    if (before !== undefined) this.#replace(before);
    const at = { guest: source.slice(), address: destination.slice() };
    const ports = { guestPort: syn.sourcePort, port: syn.destinationPort };
    const flow = new Flow(this, { ...at, ...ports }, key);
    const options = this.#options(at.address);
    flow.connection = Connection.ofSyn(syn, this.#events(flow), options, this.nowMs);
    this.#flows.set(key, flow);
    flow.handler = this.#around.onOpen(flow);
    if (flow.handler === undefined) flow.abort();
    this.touch(flow);
  }

  /** Both ends have said everything; only the wait for a last segment is cut short. */
  #replace(flow: Flow): void {
    this.#forget(flow);
    const { handler } = flow;
    flow.handler = undefined;
    handler?.onClosed('finished');
  }

  #options(address: Address) {
    return {
      initialSequence: this.#around.randomSequence(),
      mss: linkMtu - (address.length === 4 ? headersBytes[4] : headersBytes[16]),
      receiveLimitBytes: this.bufferBytes,
    };
  }

  #events(flow: Flow): ConnectionEvents {
    return {
      transmit: (segment, payload) => {
        const { guest, guestPort, address, port } = flow;
        const ports = { sourcePort: port, destinationPort: guestPort };
        this.#around.writer.tcp(tcpHeader(segment, ports), address, guest, payload);
      },
      isBusy: this.#around.isBusy,
      onEstablished: () => flow.handler?.onEstablished(),
      onData: (bytes) => flow.handler?.onData(bytes),
      onEnd: () => flow.handler?.onEnd(),
      onTaken: (byteCount) => flow.handler?.onTaken(byteCount),
      onClosed: (reason) => {
        const { handler } = flow;
        flow.handler = undefined;
        this.touch(flow);
        handler?.onClosed(reason);
      },
    };
  }

  #forget(flow: Flow): void {
    if (this.#flows.get(flow.key) === flow) this.#flows.delete(flow.key);
    this.#touched.delete(flow);
    this.#owing.delete(flow);
  }

  #refuse(guest: Address, address: Address, segment: TcpHeader, payloadBytes: number): void {
    const answer = resetFor(segment, payloadBytes);
    if (answer === undefined) return;
    const ports = { sourcePort: segment.destinationPort, destinationPort: segment.sourcePort };
    this.#around.writer.tcp(tcpHeader(answer, ports), address, guest, []);
  }
}

function tcpHeader(
  segment: Segment,
  ports: Pick<TcpHeader, 'sourcePort' | 'destinationPort'>,
): TcpHeader {
  const { sequence, acknowledgment, flags, window, mss, windowScale } = segment;
  return {
    ...ports,
    sequence,
    acknowledgment,
    flags,
    window,
    urgentPointer: 0,
    ...(mss === undefined ? {} : { mss }),
    ...(windowScale === undefined ? {} : { windowScale }),
  };
}
