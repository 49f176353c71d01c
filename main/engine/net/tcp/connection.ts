/**
 * One TCP connection that ends here: segments and time in, segments and a byte stream out.
 * RFC 9293 with window scaling (RFC 7323). Pure; it never throws, whatever a segment says.
 */
import { Acknowledgments } from './acknowledgments.ts';
import { Receiver, windowShift } from './receiver.ts';
import type { Segment } from './segment.ts';
import { tcpFlag as flag } from '../wire/tcp.ts';
import { Sender, type Outgoing } from './sender.ts';
import { advance, isBefore } from './sequence.ts';

/** What a connection needs of its surroundings. Calls may come from within any method. */
export interface ConnectionEvents {
  transmit(segment: Segment, payload: readonly Uint8Array[]): void;
  /** Whether what is sent would only queue up; {@link Connection.flush} has to follow later. */
  isBusy(): boolean;
  onEstablished(): void;
  /** Bytes in order; each has to be {@link Connection.use}d. A view that is good for this call only. */
  onData(bytes: Uint8Array): void;
  /** The peer sends no more. */
  onEnd(): void;
  /** The peer has taken this many bytes. */
  onTaken(byteCount: number): void;
  /** Nothing follows. `refused`: our SYN was answered with a reset. */
  onClosed(reason: 'finished' | 'reset' | 'refused' | 'timeout'): void;
}

/** How a connection is made. */
export interface ConnectionOptions {
  /** Ours; has to be hard to guess. */
  readonly initialSequence: number;
  /** Largest payload that the link carries to the peer and from it. */
  readonly mss: number;
  /** Most bytes that wait here for their use. */
  readonly receiveLimitBytes: number;
}

type State = 'pending' | 'syn-sent' | 'syn-received' | 'open' | 'time-wait' | 'closed';

/** RFC 9293, section 3.4.2: what a peer without the option takes. */
const defaultMss = 536;
/** A link that loses nothing needs it for a moment only. */
const timeWaitMs = 1_000;
/** RFC 9293, section 3.8.4. */
const keepAliveMs = 2 * 60 * 60 * 1000;
const keepAliveProbeMs = 75_000;
const keepAliveProbes = 9;
const maxSynTries = 8;

/** See the head of this file. */
export class Connection {
  readonly #events: ConnectionEvents;
  readonly #options: ConnectionOptions;
  #state: State;
  #receiver: Receiver;
  #sender: Sender;
  #peerShift = 0;
  #isScaled = false;
  #synTries = 0;
  #synDeadlineMs = Infinity;
  readonly #acknowledgments = new Acknowledgments();
  #heardMs: number;
  #probes = 0;
  #waitUntilMs = Infinity;

  private constructor(
    events: ConnectionEvents,
    options: ConnectionOptions,
    state: State,
    peerNext: number,
    nowMs: number,
  ) {
    this.#events = events;
    this.#options = options;
    this.#state = state;
    this.#heardMs = nowMs;
    this.#receiver = new Receiver(peerNext, options.receiveLimitBytes);
    this.#sender = new Sender(advance(options.initialSequence, 1), options.mss);
  }

  /** A connection that the peer's SYN asks for: {@link accept} or {@link abort} answers it. */
  static ofSyn(
    syn: Segment,
    events: ConnectionEvents,
    options: ConnectionOptions,
    nowMs: number,
  ): Connection {
    const mss = Math.min(options.mss, Math.max(syn.mss ?? defaultMss, 64));
    const next = advance(syn.sequence, 1);
    const connection = new Connection(events, { ...options, mss }, 'pending', next, nowMs);
    connection.#agreeOnScale(syn);
    // The window of a SYN is never scaled.
    connection.#sender.setWindow(syn.window, syn.sequence, options.initialSequence, nowMs);
    return connection;
  }

  /** A connection to the peer; sends the SYN. */
  static open(events: ConnectionEvents, options: ConnectionOptions, nowMs: number): Connection {
    const connection = new Connection(events, options, 'syn-sent', 0, nowMs);
    connection.#sendSyn(nowMs);
    return connection;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether the next SYN of the peer may be another connection: this one is over. */
  get isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'time-wait';
  }

  /** Bytes that the peer has not taken yet. */
  get queuedBytes(): number {
    return this.#sender.queue.byteCount;
  }

  /** Whether {@link acknowledge} has to be called within a moment. */
  get owesAcknowledgment(): boolean {
    return this.#acknowledgments.isOwed && !this.isClosed;
  }

  /** When {@link tick} has something to do. */
  get deadlineMs(): number {
    switch (this.#state) {
      case 'pending':
      case 'closed':
        return Infinity;
      case 'time-wait':
        return this.#waitUntilMs;
      case 'syn-sent':
      case 'syn-received':
        return this.#synDeadlineMs;
      case 'open':
        return Math.min(this.#sender.timer.deadlineMs, this.#keepAliveAtMs());
    }
  }

  /** Answers the SYN of the peer. */
  accept(nowMs: number): void {
    if (this.#state !== 'pending') return;
    this.#state = 'syn-received';
    this.#sendSyn(nowMs);
  }

  /** Queues bytes, which are kept and must not change. */
  write(bytes: Uint8Array): void {
    if (this.isOver || this.#sender.isFinQueued) return;
    this.#sender.queue.push(bytes);
  }

  /** Ends the stream behind what is queued. */
  end(): void {
    if (!this.isOver) this.#sender.finish();
  }

  /** Ends the connection at once, in both directions. */
  abort(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'pending') {
      const acknowledgment = this.#receiver.next;
      this.#events.transmit(
        { sequence: 0, acknowledgment, flags: flag.rst | flag.ack, window: 0 },
        [],
      );
    } else if (this.#state !== 'time-wait' && this.#state !== 'syn-sent') {
      this.#transmit(flag.rst | flag.ack, this.#sender.furthest, []);
    }
    this.#close('reset');
  }

  /** Bytes of {@link ConnectionEvents.onData} are used. */
  use(byteCount: number): void {
    if (this.#receiver.use(byteCount) && this.#state === 'open') this.#acknowledgments.demand();
  }

  /** Takes a segment of the peer; {@link flush} has to follow, once for any number of them. */
  receive(segment: Segment, payload: Uint8Array, nowMs: number): void {
    this.#heardMs = nowMs;
    this.#probes = 0;
    switch (this.#state) {
      case 'closed':
        return;
      case 'pending':
        if ((segment.flags & flag.rst) !== 0 && segment.sequence === this.#receiver.next) {
          this.#close('reset');
        }
        return;
      case 'syn-sent':
        this.#receiveSynSent(segment, nowMs);
        return;
      default:
        this.#receiveOpen(segment, payload, nowMs);
    }
  }

  /** Sends what the peer takes, and what it has to hear. */
  flush(nowMs: number): void {
    if (this.#state === 'open') {
      while (!this.#events.isBusy()) {
        const outgoing = this.#sender.peek();
        if (outgoing === undefined) break;
        this.#sendOutgoing(outgoing);
        this.#sender.sent(outgoing, nowMs);
      }
      this.#sender.armProbe(nowMs);
    }
    if (this.#acknowledgments.isDue && this.#state !== 'closed') this.#acknowledge();
  }

  /** Acknowledges what nothing else has acknowledged. */
  acknowledge(): void {
    if (this.owesAcknowledgment) this.#acknowledge();
  }

  /** Does what time asks for. */
  tick(nowMs: number): void {
    if (nowMs < this.deadlineMs) return;
    switch (this.#state) {
      case 'time-wait':
        this.#close('finished');
        return;
      case 'syn-sent':
      case 'syn-received':
        if (this.#synTries >= maxSynTries) this.#giveUp();
        else this.#sendSyn(nowMs);
        return;
      case 'open':
        this.#tickOpen(nowMs);
        return;
      default:
    }
  }

  #tickOpen(nowMs: number): void {
    if (nowMs >= this.#sender.timer.deadlineMs) {
      if (this.#sender.timer.isHopeless) {
        this.#giveUp();
        return;
      }
      const probe = this.#sender.expire(nowMs);
      if (probe !== undefined) this.#sendOutgoing(probe);
    }
    if (nowMs >= this.#keepAliveAtMs()) {
      if (this.#probes >= keepAliveProbes) {
        this.#giveUp();
        return;
      }
      this.#probes += 1;
      this.#transmit(flag.ack, advance(this.#sender.furthest, -1), []);
    }
    this.flush(nowMs);
  }

  #keepAliveAtMs(): number {
    return this.#heardMs + keepAliveMs + this.#probes * keepAliveProbeMs;
  }

  #receiveSynSent(segment: Segment, nowMs: number): void {
    const { flags, acknowledgment } = segment;
    const isOurs = (flags & flag.ack) !== 0 && acknowledgment === this.#sender.furthest;
    if ((flags & flag.rst) !== 0) {
      if (isOurs) this.#close('refused');
      return;
    }
    if ((flags & flag.syn) === 0 || !isOurs) return;
    const limit = this.#options.receiveLimitBytes;
    const mss = Math.min(this.#options.mss, Math.max(segment.mss ?? defaultMss, 64));
    this.#receiver = new Receiver(advance(segment.sequence, 1), limit);
    const sender = new Sender(this.#sender.furthest, mss);
    const { queue } = this.#sender;
    for (const piece of queue.slice(0, queue.byteCount)) sender.queue.push(piece);
    if (this.#sender.isFinQueued) sender.finish();
    this.#sender = sender;
    this.#agreeOnScale(segment);
    sender.setWindow(segment.window, segment.sequence, acknowledgment, nowMs);
    this.#acknowledgments.demand();
    this.#establish();
  }

  #establish(): void {
    this.#state = 'open';
    this.#synDeadlineMs = Infinity;
    this.#events.onEstablished();
  }

  #receiveOpen(segment: Segment, payload: Uint8Array, nowMs: number): void {
    const { flags, sequence } = segment;
    const hasFin = (flags & flag.fin) !== 0;
    if ((flags & flag.rst) !== 0) {
      // RFC 5961, section 3.2: only the exact number, or whoever guesses ends connections.
      if (sequence === this.#receiver.next) this.#close('reset');
      else if (this.#receiver.accepts(sequence, 0)) this.#acknowledgments.demand();
      return;
    }
    if ((flags & flag.syn) !== 0) {
      if (this.#state === 'syn-received') this.#sendSyn(nowMs);
      else this.#acknowledgments.demand();
      return;
    }
    const length = payload.length + (hasFin ? 1 : 0);
    if (!this.#receiver.accepts(sequence, length)) {
      this.#acknowledgments.takeStray(length, nowMs);
      return;
    }
    if ((flags & flag.ack) === 0 || !this.#takeAcknowledgment(segment, length, nowMs)) return;
    if (length === 0 || this.isOver) return;
    this.#takePayload(sequence, payload, hasFin);
  }

  /** False where the segment is not to be looked at any further. */
  #takeAcknowledgment(segment: Segment, length: number, nowMs: number): boolean {
    const { acknowledgment, sequence } = segment;
    const sender = this.#sender;
    if (isBefore(sender.furthest, acknowledgment)) {
      this.#acknowledgments.takeStray(length, nowMs);
      return false;
    }
    if (this.#state === 'syn-received') {
      if (acknowledgment !== sender.furthest) return false;
      this.#establish();
    }
    const windowBytes = segment.window * 2 ** (this.#isScaled ? this.#peerShift : 0);
    const taken = sender.acknowledge(acknowledgment, length === 0, nowMs);
    sender.setWindow(windowBytes, sequence, acknowledgment, nowMs);
    if (taken > 0) this.#events.onTaken(taken);
    if (sender.isFinAcknowledged && this.#receiver.isEnded) this.#close('finished');
    // What was called may have ended the connection.
    return this.#state !== 'closed';
  }

  #takePayload(sequence: number, payload: Uint8Array, hasFin: boolean): void {
    const wasEnded = this.#receiver.isEnded;
    const received = this.#receiver.take(sequence, payload, hasFin);
    this.#acknowledgments.take(payload.length);
    if (received.isEnded) this.#acknowledgments.demand();
    for (const piece of received.pieces) {
      this.#events.onData(piece);
      if (this.isClosed) return;
    }
    if (received.isEnded && !wasEnded) {
      this.#events.onEnd();
      if (!this.isClosed && this.#sender.isFinAcknowledged) this.#waitForLast();
    } else if (received.isIrregular) {
      // At once and each time: three of them make the peer send again.
      this.#acknowledge();
    }
  }

  /** Whoever ended first waits, so that the peer's last segment can be acknowledged again. */
  #waitForLast(): void {
    this.#state = 'time-wait';
    this.#waitUntilMs = this.#heardMs + timeWaitMs;
    this.#sender.clear();
  }

  #agreeOnScale(syn: Segment): void {
    this.#isScaled = syn.windowScale !== undefined;
    // RFC 7323, section 2.3: more than 14 counts as 14.
    this.#peerShift = Math.min(syn.windowScale ?? 0, 14);
    if (!this.#isScaled) this.#receiver.setLimit(Math.min(65_535, this.#options.receiveLimitBytes));
  }

  #sendSyn(nowMs: number): void {
    this.#synTries += 1;
    this.#synDeadlineMs = nowMs + 1000 * 2 ** (this.#synTries - 1);
    const isAnswer = this.#state === 'syn-received';
    const window = Math.min(65_535, this.#receiver.offer());
    this.#events.transmit(
      {
        sequence: this.#options.initialSequence,
        acknowledgment: isAnswer ? this.#receiver.next : 0,
        flags: isAnswer ? flag.syn | flag.ack : flag.syn,
        window,
        mss: this.#options.mss,
        windowScale: isAnswer && !this.#isScaled ? undefined : windowShift,
      },
      [],
    );
  }

  #sendOutgoing({ sequence, payload, isFin, isLast }: Outgoing): void {
    const push = isLast && payload.length > 0 ? flag.psh : 0;
    this.#transmit(flag.ack | push | (isFin ? flag.fin : 0), sequence, payload);
  }

  #acknowledge(): void {
    this.#transmit(flag.ack, this.#sender.acceptable, []);
  }

  #transmit(flags: number, sequence: number, payload: readonly Uint8Array[]): void {
    this.#acknowledgments.sent(payload.length);
    const offered = this.#receiver.offer();
    const window = this.#isScaled ? offered >>> windowShift : Math.min(65_535, offered);
    this.#events.transmit(
      { sequence, acknowledgment: this.#receiver.next, flags, window: Math.min(65_535, window) },
      payload,
    );
  }

  #giveUp(): void {
    if (this.#state === 'open') this.#transmit(flag.rst | flag.ack, this.#sender.furthest, []);
    this.#close('timeout');
  }

  #close(reason: 'finished' | 'reset' | 'refused' | 'timeout'): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#sender.clear();
    this.#events.onClosed(reason);
  }
}
