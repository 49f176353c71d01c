/** A guest's end of a TCP connection: our own TCP, which is the same at both ends. */
import { Connection, type ConnectionEvents } from '../../tcp/connection.ts';
import type { Segment } from '../../tcp/segment.ts';
import { tcpFlag as flag } from '../../wire/tcp.ts';
import { linkMtu } from '../../stack/link-addresses.ts';
import type { FrameWriter } from '../../stack/frame-writer.ts';
import type { Ends } from '../../stack/testing/guest-frames.ts';
import type { TcpHeader } from '../../wire/tcp.ts';
import { Bell } from './bell.ts';

/** What a guest takes before it uses any of it. */
const receiveLimitBytes = 256 * 1024;

/** Where a connection is: both addresses and both ports, the guest's first. */
export interface GuestPlace {
  readonly ends: Ends;
  readonly ports: { readonly own: number; readonly other: number };
}

/** See the head of this file. Bytes are used as they come, until it is told otherwise. */
export class GuestConnection {
  readonly #bell = new Bell();
  readonly #place: GuestPlace;
  readonly #writer: FrameWriter;
  #connection!: Connection;
  #pieces: Uint8Array[] = [];
  #receivedBytes = 0;
  #unusedBytes = 0;
  #isReading = true;
  isOpen = false;
  isEnded = false;
  closedBy: string | undefined;
  /** That the gateway told last, not scaled. */
  window = -1;
  hasReset = false;

  private constructor(place: GuestPlace, writer: FrameWriter) {
    this.#place = place;
    this.#writer = writer;
  }

  /** Opens a connection, or takes one whose SYN has come. */
  static open(place: GuestPlace, writer: FrameWriter, syn?: Segment): GuestConnection {
    const made = new GuestConnection(place, writer);
    const options = { initialSequence: 1000, mss: linkMtu - 60, receiveLimitBytes };
    const [events, nowMs] = [made.#events(), Date.now()];
    made.#connection =
      syn === undefined
        ? Connection.open(events, options, nowMs)
        : Connection.ofSyn(syn, events, options, nowMs);
    if (syn !== undefined) made.#connection.accept(nowMs);
    return made;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** What was written and is not acknowledged. */
  get queuedBytes(): number {
    return this.#connection.queuedBytes;
  }

  get deadlineMs(): number {
    return this.#connection.deadlineMs;
  }

  /** Everything that came. */
  get received(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  write(bytes: Uint8Array | string): this {
    this.#connection.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    this.flush();
    return this;
  }

  /** Says that nothing more is written. */
  end(): this {
    this.#connection.end();
    this.flush();
    return this;
  }

  reset(): void {
    this.#connection.abort();
  }

  /** Takes no more than what its window was told to be. */
  pause(): void {
    this.#isReading = false;
  }

  resume(): void {
    this.#isReading = true;
    this.#connection.use(this.#unusedBytes);
    this.#unusedBytes = 0;
    this.flush();
  }

  /** When this is so of the connection. */
  until(isSo: (connection: this) => boolean): Promise<void> {
    return this.#bell.until(() => isSo(this));
  }

  /** When it is open; rejects where it was refused. */
  async opened(): Promise<this> {
    await this.until(() => this.isOpen || this.closedBy !== undefined);
    if (!this.isOpen) throw new Error(`The connection was closed: ${String(this.closedBy)}.`);
    return this;
  }

  /** Why it ended. */
  async closed(): Promise<string> {
    await this.until(() => this.closedBy !== undefined);
    return this.closedBy ?? '';
  }

  /** When as many bytes have come in all. */
  receivedAll(byteCount: number): Promise<void> {
    return this.until(() => this.#receivedBytes >= byteCount);
  }

  take(header: TcpHeader, payload: Uint8Array): void {
    if ((header.flags & flag.rst) !== 0) this.hasReset = true;
    this.window = header.window;
    this.#connection.receive(header, payload, Date.now());
  }

  flush(): void {
    this.#connection.flush(Date.now());
    this.#connection.acknowledge();
    this.#bell.ring();
  }

  tick(): void {
    this.#connection.tick(Date.now());
    this.flush();
  }

  #events(): ConnectionEvents {
    return {
      transmit: (segment, pieces) => {
        const { own: sourcePort, other: destinationPort } = this.#place.ports;
        const { mss, windowScale, ...rest } = segment;
        const options = {
          ...(mss === undefined ? {} : { mss }),
          ...(windowScale === undefined ? {} : { windowScale }),
        };
        const { source, destination } = this.#place.ends;
        const header = { ...rest, ...options, sourcePort, destinationPort, urgentPointer: 0 };
        this.#writer.tcp(header, source, destination, pieces);
      },
      isBusy: () => false,
      onEstablished: () => {
        this.isOpen = true;
      },
      onData: (bytes) => {
        this.#pieces.push(Uint8Array.from(bytes));
        this.#receivedBytes += bytes.length;
        if (this.#isReading) this.#connection.use(bytes.length);
        else this.#unusedBytes += bytes.length;
      },
      onEnd: () => {
        this.isEnded = true;
      },
      onTaken: () => undefined,
      onClosed: (reason) => {
        this.closedBy = reason;
      },
    };
  }
}
