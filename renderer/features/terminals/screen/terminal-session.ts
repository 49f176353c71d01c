/** One shell or attachment of a terminal, between the host process and the screen. */
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { ExitStatus, Session, SessionSizing } from '../../../../main/contract/session.ts';
import { toErrorData } from '../../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../../bridge/connection.ts';
import {
  maxQueuedInputBytes,
  openSessionChannel,
  type AttachedFrame,
  type SessionChannel,
} from '../../../bridge/session-channel.ts';
import type { FrameChannel, FrameHandlers } from '../../../bridge/transport.ts';
import type { TerminalSize } from '../model/terminal.ts';
import { ReplayWindow } from './replay-window.ts';
import { isTerminalReport } from './terminal-report.ts';

/** What a session draws on, everything in the order of the calls. */
export interface SessionScreen {
  /** `onUsed` is called once the bytes are on the screen; they are acknowledged then. */
  write(bytes: Uint8Array, onUsed: () => void): void;
  /** An empty terminal of this size. */
  begin(size: TerminalSize): void;
  resize(size: TerminalSize): void;
}

/** What a terminal session needs of the window around it. */
export interface TerminalSessionOptions {
  readonly client: Pick<SkerryClient, 'sandboxes' | 'sessions'>;
  readonly openSession: (sessionId: string, handlers: FrameHandlers) => FrameChannel;
  readonly sandbox: string;
  /** Attaches to this session instead of starting a shell. */
  readonly sessionId: string | undefined;
  readonly screen: SessionScreen;
  readonly onOpen: (session: Session) => void;
  readonly onAttached: (frame: AttachedFrame) => void;
  /** The size of all clients together, as it is once the output before is drawn. */
  readonly onSize: (size: TerminalSize) => void;
  readonly onExit: (status: ExitStatus) => void;
  readonly onError: (error: ErrorData) => void;
  readonly onLost: () => void;
  /** The host process does not know the session that was to be attached to. */
  readonly onGone: () => void;
}

/** A shell that was asked for. */
export interface TerminalSession {
  /** Whether what is drawn now repeats what was there before. */
  readonly isReplaying: boolean;
  /** False where the sandbox does not take so much. */
  input(bytes: Uint8Array): boolean;
  resize(size: TerminalSize): void;
  setSizing(sizing: SessionSizing): void;
  /** Hangs up as the closing of a terminal window does, also if the shell is still to come. */
  close(): void;
  /** Lets go; the shell goes on. */
  detach(): void;
}

/** Starts a shell, or attaches to one, with a terminal of `size`. */
export function startTerminalSession(
  options: TerminalSessionOptions,
  size: TerminalSize,
): TerminalSession {
  return new Attachment(options, size);
}

class Attachment implements TerminalSession {
  readonly #options: TerminalSessionOptions;
  readonly #replay = new ReplayWindow();
  #channel: SessionChannel | undefined;
  #sessionId: string | undefined;
  #size: TerminalSize;
  #state: 'live' | 'detached' | 'closed' = 'live';
  /** A host process of before says not what it repeats: then all is, until someone types. */
  #mayRepeat: boolean;
  /** What is typed while the shell is still to come; it goes to it first of all. */
  readonly #early: Uint8Array[] = [];
  #earlyBytes = 0;

  constructor(options: TerminalSessionOptions, size: TerminalSize) {
    this.#options = options;
    this.#size = size;
    this.#sessionId = options.sessionId;
    this.#mayRepeat = options.sessionId !== undefined;
    void this.#begin(size);
  }

  get isReplaying(): boolean {
    return this.#mayRepeat || this.#replay.isDrawing;
  }

  input(bytes: Uint8Array): boolean {
    if (this.isReplaying && isTerminalReport(bytes)) return true;
    this.#mayRepeat = false;
    if (this.#channel !== undefined) return this.#channel.write(bytes);
    if (this.#earlyBytes + bytes.length > maxQueuedInputBytes) return false;
    this.#early.push(bytes);
    this.#earlyBytes += bytes.length;
    return true;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#channel?.resize(size.rows, size.columns);
  }

  setSizing(sizing: SessionSizing): void {
    this.#channel?.setSizing(sizing);
  }

  close(): void {
    this.#state = 'closed';
    if (this.#sessionId !== undefined) this.#closeSession(this.#sessionId);
    this.#channel?.close();
  }

  detach(): void {
    if (this.#state === 'live') this.#state = 'detached';
    this.#channel?.close();
  }

  async #begin(size: TerminalSize): Promise<void> {
    const { onGone, onOpen } = this.#options;
    try {
      const session = await this.#find(size);
      if (this.#state === 'detached') return;
      if (session === undefined) {
        onGone();
        return;
      }
      this.#sessionId = session.id;
      if (this.#state === 'closed') {
        this.#closeSession(session.id);
        return;
      }
      const channel = this.#attach(session.id);
      this.#channel = channel;
      const isKnown = this.#options.sessionId === undefined && this.#size === size;
      if (!isKnown) channel.resize(this.#size.rows, this.#size.columns);
      for (const bytes of this.#early.splice(0)) channel.write(bytes);
      onOpen(session);
    } catch (error) {
      if (this.#state === 'live') this.#report(toErrorData(error));
    }
  }

  async #find(size: TerminalSize): Promise<Session | undefined> {
    const { client, sandbox: name, sessionId } = this.#options;
    if (sessionId === undefined) return client.sandboxes.shell({ name, tty: { ...size } });
    const sessions = await client.sandboxes.sessions({ name });
    return sessions.find(({ id }) => id === sessionId);
  }

  #attach(sessionId: string): SessionChannel {
    const { screen, openSession, onAttached, onSize, onExit, onError, onLost } = this.#options;
    const channel = openSessionChannel((handlers) => openSession(sessionId, handlers), {
      onAttached: (frame) => {
        this.#mayRepeat = false;
        this.#replay.begin(frame.replayBytes);
        screen.begin(frame);
        onAttached(frame);
        onSize(frame);
      },
      onSize: (rows, columns) => {
        screen.resize({ rows, columns });
        onSize({ rows, columns });
      },
      onOutput: (bytes) => {
        for (const piece of this.#replay.receive(bytes)) {
          screen.write(piece, () => {
            this.#replay.draw(piece.length);
            channel.acknowledge(piece.length);
          });
        }
      },
      onExit,
      onError,
      onLost,
    });
    return channel;
  }

  /** What cannot be closed now, the host process being away, stays and can be opened again. */
  #closeSession(id: string): void {
    this.#options.client.sessions.close({ id }).catch(() => undefined);
  }

  #report(error: ErrorData): void {
    const { sessionId, onLost, onGone, onError } = this.#options;
    if (sessionId !== undefined && error.code === 'host/unreachable') onLost();
    else if (sessionId !== undefined && error.code === 'sandbox/not-found') onGone();
    else onError(error);
  }
}
