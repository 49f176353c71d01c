/**
 * One command of the guest, as its host sees it (PROTOCOL.md, "Sessions").
 */
import type { ExitStatus } from '../../contract/session.ts';
import { AppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { AgentSession, AgentSessionListener, AgentTerminalSize } from './agent.ts';
import type { GuestMessage } from './guest-messages.ts';
import { protocolError } from './frame-codec.ts';
import type { HostMessage } from './host-messages.ts';
import { SessionInput } from './session-input.ts';
import { OutputCounter, type OutputChannel } from './session-output.ts';

/** Acknowledgements are collected until they are worth a frame. */
const acknowledgeBytes = 32 * 1024;

/** What a session asks of the connection it belongs to. */
export interface SessionConnection {
  readonly logger: Logger;
  /** Whether the port takes nothing for now; acknowledgements wait then, so that none pile up. */
  readonly isBlocked: boolean;
  send(message: HostMessage): void;
  /** Sends input while the port takes it, each session in its turn. */
  pumpInput(): void;
  /** Asks what is in the foreground of a terminal; the same as {@link AgentSession.foreground}. */
  askForeground(stream: number): Promise<string | undefined>;
  /** The session was read to its end, or is gone. */
  forget(stream: number): void;
}

/** What is known of a session when it begins here. */
export interface SessionStart {
  readonly stream: number;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly startedAtMs: number;
  readonly exit: ExitStatus | undefined;
  readonly stdinBytes: number;
  /** Whether it was started by this connection: then its output comes without being asked for. */
  readonly isNew: boolean;
}

/**
 * What happens to output that comes in: it is held for the first listener, given to the listener,
 * dropped because nobody listens, or dropped because it belongs to an attachment of before.
 */
type Flow = 'held' | 'listening' | 'detached' | 'attaching';

/** What comes while nobody has listened yet. */
type Held =
  | { readonly channel: OutputChannel; readonly bytes: Uint8Array }
  | { readonly channel: 'size'; readonly size: AgentTerminalSize };

/** Sizes that are held; a guest that says more of them before anyone listens says too much. */
const maxHeldSizes = 64;

/** Implements {@link AgentSession}. The connection hands it each message of its stream. */
export class GuestSession implements AgentSession {
  readonly id: number;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly input: SessionInput;
  readonly #connection: SessionConnection;
  readonly #output = new OutputCounter();
  #startedAtMs: number;
  #exit: ExitStatus | undefined;
  #flow: Flow;
  #held: Held[] = [];
  #tellsSizes = false;
  #listener: AgentSessionListener | undefined;
  #attachesUnderWay = 0;
  #exitWasDelivered = false;
  #failure: Error | undefined;

  constructor(connection: SessionConnection, start: SessionStart) {
    this.#connection = connection;
    this.id = start.stream;
    this.command = start.command;
    this.tty = start.tty;
    this.#startedAtMs = start.startedAtMs;
    this.#exit = start.exit;
    this.#flow = start.isNew ? 'held' : 'detached';
    this.input = new SessionInput(start.stream, start.stdinBytes, (message) => {
      connection.send(message);
    });
  }

  get startedAtMs(): number {
    return this.#startedAtMs;
  }

  get tellsSizes(): boolean {
    return this.#tellsSizes;
  }

  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  attach(listener: AgentSessionListener): () => void {
    this.#listener = listener;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      queueMicrotask(() => {
        if (this.#listener === listener)
          this.#call(() => {
            listener.onDisconnect(failure);
          });
      });
    } else if (this.#flow === 'held') {
      queueMicrotask(() => {
        this.#deliverHeld(listener);
      });
    } else {
      this.#flow = 'attaching';
      this.#attachesUnderWay++;
      this.#connection.send({ type: 'attach', stream: this.id });
    }
    return () => {
      this.#detach(listener);
    };
  }

  acknowledge(byteCount: number): void {
    this.#output.used(byteCount);
    this.settle();
    this.#closeIfDone();
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.input.write(bytes);
    this.#connection.pumpInput();
    return written;
  }

  endInput(): void {
    this.input.end();
    this.#connection.pumpInput();
  }

  resize(rows: number, columns: number): void {
    this.#send({ type: 'resize', stream: this.id, rows, columns });
  }

  signal(signal: number): void {
    this.#send({ type: 'signal', stream: this.id, signal });
  }

  foreground(): Promise<string | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#connection.askForeground(this.id);
  }

  close(): void {
    if (this.#failure !== undefined) return;
    this.#send({ type: 'close', stream: this.id });
    this.#failure = new AppError('session/not-found', 'The session was closed.');
    this.input.fail(this.#failure);
    this.#held = [];
    this.#listener = undefined;
    this.#connection.forget(this.id);
  }

  /** Sends the acknowledgements that are due, if the port takes them. */
  settle(): void {
    const { owedByteCount, allIsUsed } = this.#output;
    // As soon as possible: a later host is given what was not acknowledged once more, or answers it.
    const isDue = owedByteCount >= acknowledgeBytes || allIsUsed;
    if (owedByteCount === 0 || !isDue || this.#connection.isBlocked) return;
    this.#settleAll();
  }

  #settleAll(): void {
    if (this.#output.owedByteCount === 0 || this.#exitWasDelivered) return;
    const { stdout, stderr } = this.#output.settle();
    this.#send({ type: 'acknowledge', stream: this.id, stdoutBytes: stdout, stderrBytes: stderr });
  }

  /** @throws AppError `agent/protocol` */
  receive(message: Extract<GuestMessage, { readonly stream: number }>): void {
    switch (message.type) {
      case 'stdout':
      case 'stderr':
        this.#receiveOutput(message.type, message.bytes);
        return;
      case 'attached':
        this.#receiveAttached(message);
        return;
      case 'exit':
        this.#exit = message.status;
        if (this.#flow === 'listening') this.#deliverExit();
        return;
      case 'credit':
        this.input.granted(message.stdinBytes);
        this.#connection.pumpInput();
        return;
      case 'started':
        this.#startedAtMs = message.startedAtMs;
        this.#tellsSizes = message.size !== undefined;
        return;
      case 'size':
        this.#receiveSize(message.size);
        return;
      case 'gone':
      case 'start-failed':
        this.end(new AppError('session/not-found', 'The guest no longer has the session.'));
        this.#connection.forget(this.id);
        return;
      case 'session':
      case 'foreground-reply':
        return;
    }
  }

  /** The guest has gone, or the session has: nothing follows. */
  end(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.input.fail(error);
    this.#held = [];
    const listener = this.#listener;
    if (listener === undefined || this.#exitWasDelivered) return;
    this.#call(() => {
      listener.onDisconnect(error);
    });
  }

  #send(message: HostMessage): void {
    if (this.#failure === undefined) this.#connection.send(message);
  }

  #detach(listener: AgentSessionListener): void {
    if (this.#listener !== listener) return;
    this.#listener = undefined;
    // What is held stays for the next one; it was granted, and no more than that can come.
    if (this.#flow === 'held') return;
    // What was used is not given again to whoever listens next.
    this.#settleAll();
    this.#flow = 'detached';
    this.#send({ type: 'detach', stream: this.id });
  }

  #receiveOutput(channel: OutputChannel, bytes: Uint8Array): void {
    this.#output.received(channel, bytes.length);
    if (this.#flow === 'held') this.#held.push({ channel, bytes });
    else if (this.#flow === 'listening') this.#deliver(channel, bytes);
  }

  #receiveSize(size: AgentTerminalSize): void {
    if (this.#flow === 'listening') this.#deliverSize(size);
    if (this.#flow !== 'held') return;
    const sizes = this.#held.filter(({ channel }) => channel === 'size').length;
    if (sizes >= maxHeldSizes) throw protocolError('resized a terminal without end');
    this.#held.push({ channel: 'size', size });
  }

  #receiveAttached({
    skippedBytes,
    knownBytes,
    size,
  }: Extract<GuestMessage, { readonly type: 'attached' }>): void {
    if (this.#attachesUnderWay === 0) return;
    this.#attachesUnderWay--;
    this.#output.reset();
    if (this.#attachesUnderWay > 0 || this.#flow !== 'attaching') return;
    this.#flow = 'listening';
    this.#exitWasDelivered = false;
    this.#tellsSizes = size !== undefined;
    const listener = this.#listener;
    this.#call(() => {
      listener?.onAttached?.({ skippedBytes, knownBytes, ...(size !== undefined && { size }) });
    });
  }

  #deliverHeld(listener: AgentSessionListener): void {
    if (this.#listener !== listener || this.#flow !== 'held') return;
    this.#flow = 'listening';
    for (const held of this.#held.splice(0)) {
      if (held.channel === 'size') this.#deliverSize(held.size);
      else this.#deliver(held.channel, held.bytes);
    }
    if (this.#exit !== undefined) this.#deliverExit();
  }

  #deliver(channel: OutputChannel, bytes: Uint8Array): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#output.delivered(channel, bytes.length);
    this.#call(() => {
      if (channel === 'stdout') listener.onStdout(bytes);
      else listener.onStderr(bytes);
    });
  }

  #deliverSize(size: AgentTerminalSize): void {
    const listener = this.#listener;
    this.#call(() => listener?.onSize?.(size));
  }

  #deliverExit(): void {
    const listener = this.#listener;
    const status = this.#exit;
    if (listener === undefined || status === undefined || this.#exitWasDelivered) return;
    this.#exitWasDelivered = true;
    this.input.fail(new AppError('session/not-found', 'The command has ended.'));
    this.#call(() => {
      listener.onExit(status);
    });
    this.#closeIfDone();
  }

  /**
   * Once a listener has used everything, the guest need not keep the session. A terminal is kept
   * until it is closed, so that a later host process finds its last screen.
   */
  #closeIfDone(): void {
    if (this.tty) return;
    if (!this.#exitWasDelivered || this.#flow !== 'listening' || !this.#output.allIsUsed) return;
    this.#send({ type: 'close', stream: this.id });
    this.#failure = new AppError('session/not-found', 'The session was read to its end.');
    this.#connection.forget(this.id);
  }

  /** A listener that throws harms nobody but itself. */
  #call(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#connection.logger.error('a session listener failed', { session: this.id, error });
    }
  }
}
