/** A command of a guest as the host has it: with those who are attached, and for as long as it is kept. */
import type { ExitStatus, Session, SessionActivity } from '../../../contract/session.ts';
import type { AgentSession } from '../../agent/agent.ts';
import type { SessionAttachment, SessionSink } from '../../engine.ts';

/** What a session is known by. */
export interface SessionIdentity {
  readonly id: string;
  readonly sandboxId: string;
  readonly sandboxName: string;
  readonly shell?: Session['shell'];
}

/** See the head of this file; of pipes or of a terminal. */
export interface HostedSession {
  readonly identity: SessionIdentity;
  /** How and when it ended, if it has. Nobody knows when, where the host process was away. */
  readonly end: SessionEnd | undefined;
  /** When input came from a client or output from the guest last. */
  readonly usedAtMs: number;
  describe(): Session;
  activity(): Promise<SessionActivity>;
  attach(sink: SessionSink): SessionAttachment;
  /** The guest was connected anew, and this is the same session there. */
  adopt(session: AgentSession): void;
  /** The guest stands still until it is woken or adopted: input waits. */
  rest(): void;
  /** The guest goes on. */
  wake(): void;
  /** The guest begins to end all that runs: a terminal that a signal ends from now on ends for this. */
  expectEnd(reason: Error): void;
  /** The guest, or the session in it, is gone; those who are attached are told why. */
  fail(reason: Error): void;
  /** Forgets it, and ends what still runs. */
  close(): void;
}

/** See {@link HostedSession.end}. */
export interface SessionEnd {
  readonly exit?: ExitStatus;
  /** Why it ended without one. */
  readonly reason?: Error;
  readonly atMs?: number;
}

/** What all sessions say of themselves. */
export function describeSession(
  { id, sandboxName, shell }: SessionIdentity,
  session: AgentSession,
): Session {
  return {
    id,
    sandbox: sandboxName,
    command: [...session.command],
    tty: session.tty,
    startedAtMs: session.startedAtMs,
    ...(session.isTransfer === true ? { isTransfer: true } : {}),
    ...(session.exit === undefined ? {} : { exit: session.exit }),
    ...(shell === undefined ? {} : { shell }),
  };
}
