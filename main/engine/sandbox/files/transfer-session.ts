/** The session of a transfer: that of the guest, counted, and given up on where nobody comes. */
import type { ExitStatus } from '../../../contract/session.ts';
import type { AgentSession, AgentSessionListener, FilesWork } from '../../agent/agent.ts';
import { WorkWords } from '../../agent/agent-work.ts';
import { cancelledError } from '../../base/app-error.ts';

const sigterm = 15;
/** How long the guest may take to put away what is half made. */
const tidyMs = 3000;

/** See the head of this file. Nothing of it is lost while no client is there, until it is given up. */
export class TransferSession implements AgentSession {
  readonly id: number;
  readonly command: readonly string[];
  readonly tty = false;
  readonly tellsSizes = false;
  readonly isTransfer = true;
  readonly startedAtMs: number;
  /** What the guest has said besides. */
  readonly words = new WorkWords();
  /** How the guest ended it; rejects where it was cancelled, given up, or the guest has gone. */
  readonly ended: Promise<ExitStatus>;
  /** Bytes of the tar that have crossed. */
  byteCount = 0;
  onBytes: (byteCount: number) => void = () => undefined;
  readonly #work: FilesWork;
  readonly #absenceMs: number;
  readonly #ended = Promise.withResolvers<ExitStatus>();
  #listener: AgentSessionListener | undefined;
  #absence: NodeJS.Timeout | undefined;
  #exit: ExitStatus | undefined;
  #isCancelling = false;

  /** @param absenceMs longest time without a client */
  constructor(work: FilesWork, command: readonly string[], absenceMs: number) {
    this.#work = work;
    this.#absenceMs = absenceMs;
    this.id = work.session.id;
    this.startedAtMs = work.session.startedAtMs;
    this.command = command;
    this.ended = this.#ended.promise;
    this.ended.catch(() => undefined);
    this.#waitForClient();
  }

  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  /** Whether no client is there. */
  get isAbandoned(): boolean {
    return this.#listener === undefined;
  }

  attach(listener: AgentSessionListener): () => void {
    clearTimeout(this.#absence);
    this.#listener = listener;
    const exit = this.#exit;
    if (exit !== undefined) {
      queueMicrotask(() => {
        listener.onExit(exit);
      });
      return () => undefined;
    }
    const detach = this.#isCancelling ? () => undefined : this.#attachToGuest(listener);
    return () => {
      if (this.#listener !== listener) return;
      this.#listener = undefined;
      detach();
      this.#waitForClient();
    };
  }

  acknowledge(byteCount: number): void {
    this.#work.session.acknowledge(byteCount);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#work.session.write(bytes);
    this.#count(bytes.length);
  }

  endInput(): void {
    this.#work.session.endInput();
  }

  resize(): void {
    // It has no terminal.
  }

  signal(signal: number): void {
    this.#work.session.signal(signal);
  }

  foreground(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): void {
    void this.cancel(cancelledError('The transfer, whose session was closed,'));
  }

  /** Ends it in the guest, which puts away what is half made, and tells the client. */
  async cancel(reason: Error): Promise<void> {
    if (this.#exit !== undefined || this.#isCancelling) return;
    this.#isCancelling = true;
    clearTimeout(this.#absence);
    const { session, close } = this.#work;
    const ended = endOf(session);
    session.signal(sigterm);
    await ended;
    close();
    this.#finish({ kind: 'signalled', signal: sigterm }, reason);
  }

  #attachToGuest(listener: AgentSessionListener): () => void {
    return this.#work.session.attach({
      onStdout: (bytes) => {
        this.#count(bytes.length);
        listener.onStdout(bytes);
      },
      onStderr: (bytes) => {
        this.words.hear(bytes);
        listener.onStderr(bytes);
      },
      onExit: (status) => {
        this.#finish(status);
      },
      onDisconnect: (error) => {
        this.#ended.reject(error);
        listener.onDisconnect(error);
      },
    });
  }

  #count(byteCount: number): void {
    this.byteCount += byteCount;
    this.onBytes(this.byteCount);
  }

  #finish(status: ExitStatus, reason?: Error): void {
    if (this.#exit !== undefined) return;
    clearTimeout(this.#absence);
    this.#exit = status;
    this.#listener?.onExit(status);
    if (reason === undefined) this.#ended.resolve(status);
    else this.#ended.reject(reason);
  }

  #waitForClient(): void {
    if (this.#exit !== undefined || this.#isCancelling) return;
    this.#absence = setTimeout(() => {
      void this.cancel(cancelledError('The transfer, which no client took part in,'));
    }, this.#absenceMs);
    this.#absence.unref();
  }
}

/** Takes what is left of a session, until it ends or its time is up. */
function endOf(session: AgentSession): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, tidyMs);
    function end(): void {
      clearTimeout(timer);
      resolve();
    }
    const use = (bytes: Uint8Array): void => {
      session.acknowledge(bytes.length);
    };
    session.attach({ onStdout: use, onStderr: use, onExit: end, onDisconnect: end });
  });
}
