/** Two connections and a link between them that loses, repeats and reorders, with a clock of its own. */
import { Connection, type ConnectionEvents, type ConnectionOptions } from '../connection.ts';
import { resetFor, type Segment } from '../segment.ts';

/** What becomes of a segment: how often it arrives, each time after this many milliseconds. */
export type Fate = readonly number[];

interface Delivery {
  readonly atMs: number;
  readonly order: number;
  readonly to: 'peer' | 'gateway';
  readonly segment: Segment;
  readonly payload: Uint8Array;
}

/** One end, with what came of it. */
class End {
  connection: Connection | undefined;
  readonly received: Uint8Array[] = [];
  isEstablished = false;
  hasEnded = false;
  closedBy: string | undefined;
  takenBytes = 0;
  sentSegments = 0;
  maxUnusedBytes = 0;
  /** Whether bytes are used as they come. */
  isReading = true;
  unused = 0;

  get receivedBytes(): Uint8Array {
    return Buffer.concat(this.received);
  }

  /** Uses what waits. */
  resume(): void {
    this.isReading = true;
    this.connection?.use(this.unused);
    this.unused = 0;
  }
}

/** See the head of this file. */
export class SimulatedLink {
  nowMs = 0;
  readonly gateway = new End();
  readonly peer = new End();
  readonly #fate: () => Fate;
  #queue: Delivery[] = [];
  #order = 0;

  /** @param fate of each segment in its turn */
  constructor(fate: () => Fate = () => [1]) {
    this.#fate = fate;
  }

  /** The peer opens; the gateway accepts at once. */
  open(peer: ConnectionOptions, gateway: ConnectionOptions): void {
    this.peer.connection = Connection.open(this.#events('peer'), peer, 0);
    this.#gatewayOptions = gateway;
  }

  #gatewayOptions: ConnectionOptions | undefined;

  /** Goes on until nothing happens any more, or until this much time has passed. */
  run(untilMs: number, step: () => void = () => undefined): void {
    for (;;) {
      step();
      for (const end of [this.gateway, this.peer]) end.connection?.flush(this.nowMs);
      const next = this.#nextMs();
      if (next > untilMs) return;
      this.nowMs = Math.max(this.nowMs, next);
      this.#deliverDue();
      for (const end of [this.gateway, this.peer]) end.connection?.tick(this.nowMs);
    }
  }

  #nextMs(): number {
    const first = this.#queue[0]?.atMs ?? Infinity;
    const deadline = (end: End) => end.connection?.deadlineMs ?? Infinity;
    return Math.min(first, deadline(this.gateway), deadline(this.peer));
  }

  #deliverDue(): void {
    while ((this.#queue[0]?.atMs ?? Infinity) <= this.nowMs) {
      const delivery = this.#queue.shift();
      if (delivery === undefined) return;
      const { segment, payload, to } = delivery;
      if (this[to].connection?.isClosed === true) {
        this.#answerForgotten(delivery);
        continue;
      }
      if (to === 'peer') {
        this.peer.connection?.receive(segment, payload, this.nowMs);
        continue;
      }
      if (this.gateway.connection === undefined && this.#gatewayOptions !== undefined) {
        this.gateway.connection = Connection.ofSyn(
          segment,
          this.#events('gateway'),
          this.#gatewayOptions,
          this.nowMs,
        );
        this.gateway.connection.accept(this.nowMs);
        continue;
      }
      this.gateway.connection?.receive(segment, payload, this.nowMs);
    }
  }

  /** A connection that is over is one that nobody knows. */
  #answerForgotten({ to, segment, payload }: Delivery): void {
    const reset = resetFor(segment, payload.length);
    if (reset !== undefined) this.#events(to).transmit(reset, []);
  }

  #events(of: 'peer' | 'gateway'): ConnectionEvents {
    const end = this[of];
    return {
      transmit: (segment, pieces) => {
        end.sentSegments += 1;
        const payload = new Uint8Array(Buffer.concat(pieces));
        for (const delayMs of this.#fate()) {
          this.#order += 1;
          const to = of === 'peer' ? 'gateway' : 'peer';
          const atMs = this.nowMs + delayMs;
          this.#queue.push({ atMs, order: this.#order, to, segment, payload });
        }
        this.#queue.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      },
      isBusy: () => false,
      onEstablished: () => {
        end.isEstablished = true;
      },
      onData: (bytes) => {
        end.received.push(bytes.slice());
        end.unused += bytes.length;
        end.maxUnusedBytes = Math.max(end.maxUnusedBytes, end.unused);
        if (end.isReading) end.resume();
      },
      onEnd: () => {
        end.hasEnded = true;
      },
      onTaken: (byteCount) => {
        end.takenBytes += byteCount;
      },
      onClosed: (reason) => {
        end.closedBy = reason;
      },
    };
  }
}
