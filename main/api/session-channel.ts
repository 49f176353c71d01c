import {
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../contract/session-frames.ts';
import type { ExitStatus } from '../contract/session.ts';
import {
  AppError,
  type Engine,
  type Logger,
  type SessionAttachment,
  type SessionSink,
} from '../engine/index.ts';
import { describeError } from './errors.ts';
import { OutputQueue, type Notice, type Output } from './output-queue.ts';

/** One ordered, message-keeping connection to a client: a WebSocket or a MessagePort. */
export interface ByteChannel {
  send(bytes: Uint8Array): void;
  onMessage(listener: (bytes: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  /** Ends the channel after what was sent. */
  close(): void;
}

const maxRowsOrColumns = 1000;
const maxSignal = 64;
/** The engine grants the guest as much for each of stdout and stderr as the client gets in all. */
const maxHeldBytes = 4 * sessionWindowBytes;

/**
 * Serves one session to one client until the session ends, the client goes (the command goes on)
 * or the client breaks the rules of session-frames.ts, which ends the channel with an error frame.
 */
export function serveSession(
  engine: Pick<Engine, 'sessions'>,
  sessionId: string,
  channel: ByteChannel,
  logger: Logger,
): void {
  new SessionService(sessionId, channel, logger).attach(engine);
}

/** Notices that wait for the output before them; the engine itself sends fewer. */
const maxHeldNotices = 1024;

class SessionService implements SessionSink {
  readonly #sessionId: string;
  readonly #channel: ByteChannel;
  readonly #logger: Logger;
  #session: SessionAttachment | undefined;
  #unacknowledgedInput = 0;
  #inputEnded = false;
  readonly #output = new OutputQueue();
  #exit: ExitStatus | undefined;
  #isClosed = false;

  constructor(sessionId: string, channel: ByteChannel, logger: Logger) {
    this.#sessionId = sessionId;
    this.#channel = channel;
    this.#logger = logger;
  }

  attach(engine: Pick<Engine, 'sessions'>): void {
    this.#channel.onClose(() => {
      this.#onChannelClosed();
    });
    this.#channel.onMessage((bytes) => {
      this.#onMessage(bytes);
    });
    try {
      const session = engine.sessions.attach(this.#sessionId, this);
      // A session may say that it has ended before attach returns.
      if (this.#isClosed) this.#leave(session);
      else this.#session = session;
    } catch (error) {
      this.#fail(error);
    }
  }

  onAttached(screen: Parameters<SessionSink['onAttached']>[0]): void {
    this.#holdNotice({ type: 'attached', ...screen });
  }

  onSize(rows: number, columns: number): void {
    this.#holdNotice({ type: 'size', rows, columns });
  }

  onStdout(bytes: Uint8Array): void {
    this.#hold({ type: 'stdout', bytes });
  }

  onStderr(bytes: Uint8Array): void {
    this.#hold({ type: 'stderr', bytes });
  }

  onExit(status: ExitStatus): void {
    this.#exit = status;
    this.#pump();
  }

  onError(error: Error): void {
    this.#fail(error);
  }

  #holdNotice(notice: Notice): void {
    if (this.#isClosed) return;
    if (this.#output.heldNotices >= maxHeldNotices) {
      this.#fail(new Error('The engine sent more sizes than the client took.'));
      return;
    }
    this.#output.push(notice);
    this.#pump();
  }

  #hold(output: Output): void {
    if (this.#isClosed) return;
    this.#output.push(output);
    if (this.#output.heldBytes > maxHeldBytes) {
      this.#fail(new Error('The engine sent more output than was acknowledged.'));
      return;
    }
    this.#pump();
  }

  /** Sends what is to be sent now, and the end after the last of it. */
  #pump(): void {
    while (!this.#isClosed) {
      const frame = this.#output.take(this.#exit !== undefined);
      if (frame === undefined) break;
      this.#send(frame);
    }
    const isEmpty = this.#output.heldBytes === 0 && this.#output.heldNotices === 0;
    if (this.#exit !== undefined && isEmpty) this.#close({ type: 'exit', status: this.#exit });
  }

  #onMessage(bytes: Uint8Array): void {
    const session = this.#session;
    if (session === undefined || this.#isClosed) return;
    try {
      const frame = parseClientFrame(bytes);
      if (frame === undefined) throw violation('sent a message that is not a frame');
      if (frame.type === 'ack') this.#onAcknowledged(session, frame.byteCount);
      else this.#onCommand(session, frame);
    } catch (error) {
      this.#fail(error);
    }
  }

  #onAcknowledged(session: SessionAttachment, byteCount: number): void {
    const sent = String(this.#output.unacknowledgedBytes);
    if (!this.#output.acknowledge(byteCount)) {
      throw violation(`acknowledged ${String(byteCount)} bytes of ${sent}`);
    }
    if (byteCount > 0) session.acknowledge(byteCount);
    this.#pump();
  }

  #onCommand(session: SessionAttachment, frame: Exclude<ClientFrame, { type: 'ack' }>): void {
    switch (frame.type) {
      case 'input':
        this.#onInput(session, frame.bytes);
        return;
      case 'input-end':
        if (!this.#inputEnded) session.endInput();
        this.#inputEnded = true;
        return;
      case 'resize': {
        const { rows, columns } = frame;
        if (!isSize(rows) || !isSize(columns)) {
          throw violation(`asked for ${String(rows)} rows and ${String(columns)} columns`);
        }
        session.resize(rows, columns);
        return;
      }
      case 'sizing':
        session.setSizing(frame.sizing);
        return;
      case 'signal':
        if (frame.signal < 1 || frame.signal > maxSignal) {
          throw violation(`sent signal ${String(frame.signal)}`);
        }
        session.signal(frame.signal);
    }
  }

  #onInput(session: SessionAttachment, bytes: Uint8Array): void {
    if (this.#inputEnded) throw violation('sent input after its end');
    if (bytes.length === 0) return;
    this.#unacknowledgedInput += bytes.length;
    if (this.#unacknowledgedInput > sessionWindowBytes) {
      const sent = String(this.#unacknowledgedInput);
      throw violation(`sent ${sent} bytes into a window of ${String(sessionWindowBytes)}`);
    }
    session.write(bytes).then(
      () => {
        this.#unacknowledgedInput -= bytes.length;
        this.#send({ type: 'ack', byteCount: bytes.length });
      },
      (error: unknown) => {
        // A command that has ended takes no input; its exit says all there is to say.
        if (this.#exit === undefined) this.#fail(error);
      },
    );
  }

  #onChannelClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session?.detach();
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    const data = describeError(error, `Session ${this.#sessionId}`, this.#logger);
    this.#close({ type: 'error', error: data });
  }

  #close(last: HostFrame): void {
    if (this.#isClosed) return;
    this.#send(last);
    this.#isClosed = true;
    if (this.#session !== undefined) this.#leave(this.#session);
    this.#channel.close();
  }

  /** A client that was sent the end has read it: the guest need not keep the session for another. */
  #leave(session: SessionAttachment): void {
    if (this.#exit !== undefined) session.acknowledge(this.#output.unacknowledgedBytes);
    session.detach();
  }

  #send(frame: HostFrame): void {
    if (!this.#isClosed) this.#channel.send(serializeHostFrame(frame));
  }
}

function isSize(value: number): boolean {
  return value >= 1 && value <= maxRowsOrColumns;
}

function violation(what: string): AppError {
  return new AppError('session/protocol', `The client of the session ${what}.`);
}
