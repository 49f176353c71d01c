/** A session of pipes: its exact bytes go to one client, and a new one takes over. */
import type { SessionActivity, Session } from '../../../contract/session.ts';
import type { AgentSession } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../../engine.ts';
import {
  describeSession,
  type HostedSession,
  type SessionEnd,
  type SessionIdentity,
} from './hosted-session.ts';

interface Attached {
  readonly sink: SessionSink;
  readonly detach: () => void;
}

/** See the head of this file. Once a client has read its end it is over. */
export class PipeSession implements HostedSession {
  readonly identity: SessionIdentity;
  readonly end: SessionEnd | undefined = undefined;
  readonly #onOver: () => void;
  #session: AgentSession;
  #attached: Attached | undefined;
  #isOver = false;
  #usedAtMs = Date.now();

  constructor(identity: SessionIdentity, session: AgentSession, onOver: () => void) {
    this.identity = identity;
    this.#session = session;
    this.#onOver = onOver;
  }

  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  describe(): Session {
    return {
      ...describeSession(this.identity, this.#session),
      clients: this.#attached === undefined ? 0 : 1,
    };
  }

  activity(): Promise<SessionActivity> {
    return Promise.resolve({});
  }

  attach(sink: SessionSink): SessionAttachment {
    this.#evict(new AppError('session/taken-over', 'Another client took the session over.'));
    const session = this.#session;
    const detach = session.attach({
      onStdout: (bytes) => {
        this.#usedAtMs = Date.now();
        sink.onStdout(bytes);
      },
      onStderr: (bytes) => {
        this.#usedAtMs = Date.now();
        sink.onStderr(bytes);
      },
      onExit: (status) => {
        // What the client has of the output is still acknowledged, so that the guest lets go of it.
        this.#isOver = true;
        this.#onOver();
        sink.onExit(status);
      },
      // Whether the guest ended, or only its connection, is not known yet: the sandbox will say,
      // with `fail` or `adopt`.
      onDisconnect: () => undefined,
    });
    const attached = { sink, detach };
    this.#attached = attached;
    return {
      write: (bytes) => {
        this.#usedAtMs = Date.now();
        return session.write(bytes);
      },
      endInput: () => {
        session.endInput();
      },
      resize: (rows, columns) => {
        session.resize(rows, columns);
      },
      setSizing: () => undefined,
      signal: (signal) => {
        session.signal(signal);
      },
      acknowledge: (byteCount) => {
        if (this.#attached === attached) session.acknowledge(byteCount);
      },
      detach: () => {
        if (this.#attached !== attached) return;
        this.#attached = undefined;
        detach();
      },
    };
  }

  adopt(session: AgentSession): void {
    this.#evict(new AppError('agent/disconnected', 'The guest was connected anew.'));
    this.#session = session;
  }

  rest(): void {
    // What a program sends waits for the guest to take it, as always.
  }

  wake(): void {
    // As above.
  }

  expectEnd(): void {
    // Whoever reads pipes wants to know how the command itself ended.
  }

  fail(reason: Error): void {
    this.#evict(reason);
    this.#onOver();
  }

  close(): void {
    this.#session.close();
    this.fail(new AppError('session/not-found', 'The session was closed.'));
  }

  #evict(reason: Error): void {
    const attached = this.#attached;
    if (attached === undefined || this.#isOver) return;
    this.#attached = undefined;
    attached.detach();
    attached.sink.onError(reason);
  }
}
