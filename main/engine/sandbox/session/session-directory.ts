/** The sessions of every sandbox, and terminals that have ended for as long as they are kept. */
import type { Session, SessionActivity } from '../../../contract/session.ts';
import type { Agent, AgentSession, AgentTerminalSize } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../../engine.ts';
import type { MirrorMaker } from '../../terminal/mirrors.ts';
import type { HostedSession, SessionIdentity } from './hosted-session.ts';
import { PipeSession } from './pipe-session.ts';
import { TerminalSession } from './terminal-session.ts';

/** A run of a sandbox, by which its sessions are named: the same after the host process came back. */
export interface SandboxRun {
  readonly id: string;
  readonly name: string;
  readonly startedAtMs: number;
}

/** What is known of a session beyond what the agent says. */
export interface SessionFacts {
  /** Of its terminal, as it was asked for. */
  readonly size?: AgentTerminalSize | undefined;
  readonly shell?: Session['shell'] | undefined;
  /** It was there before this host process. */
  readonly isFound?: boolean;
}

/** Terminals of a sandbox that have ended and are kept; the oldest makes way. */
const maxEnded = 32;

/** See the head of this file. */
export class SessionDirectory {
  readonly #mirrors: MirrorMaker;
  readonly #sessions = new Map<string, HostedSession>();

  constructor(mirrors: MirrorMaker) {
    this.#mirrors = mirrors;
  }

  /** Makes a session known. */
  add(run: SandboxRun, session: AgentSession, facts: SessionFacts = {}): Session {
    const identity: SessionIdentity = {
      id: idOf(run, session),
      sandboxId: run.id,
      sandboxName: run.name,
      ...(facts.shell === undefined ? {} : { shell: facts.shell }),
    };
    const hosted = session.tty
      ? this.#terminal(identity, session, facts)
      : new PipeSession(identity, session, () => this.#sessions.delete(identity.id));
    this.#sessions.set(identity.id, hosted);
    return hosted.describe();
  }

  /**
   * Makes the sessions of an agent known that came, or came back; terminals go on where they were.
   * @param shell of the sandbox: a terminal that runs it is known by that. Of one that stands in for
   *   it nobody can say so any more: it may be a command that was asked for.
   */
  adopt(run: SandboxRun, agent: Agent, shell?: string): void {
    const here = new Set<string>();
    for (const session of agent.sessions()) {
      const id = idOf(run, session);
      here.add(id);
      const known = this.#sessions.get(id);
      if (known === undefined) {
        const isShell = shell !== undefined && runsShell(session.command, shell);
        this.add(run, session, { isFound: true, shell: isShell ? { path: shell } : undefined });
      }
      known?.adopt(session);
    }
    const reason = new AppError('agent/disconnected', 'The guest was connected anew.');
    for (const session of this.#of(run.id)) {
      if (!here.has(session.identity.id) && session.end === undefined) session.fail(reason);
    }
  }

  list(sandboxId: string): Session[] {
    return this.#of(sandboxId).map((session) => session.describe());
  }

  /** When one of them was last used; undefined where there are none. */
  usedAtMs(sandboxId: string): number | undefined {
    const times = this.#of(sandboxId).map((session) => session.usedAtMs);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** @throws AppError `session/not-found`, as the others do */
  inspect(id: string): Session {
    return this.#get(id).describe();
  }

  async activity(id: string): Promise<SessionActivity> {
    return this.#get(id).activity();
  }

  attach(id: string, sink: SessionSink): SessionAttachment {
    return this.#get(id).attach(sink);
  }

  /** Forgets a session, and ends what still runs of it. */
  close(id: string): void {
    const session = this.#get(id);
    this.#sessions.delete(id);
    session.close();
  }

  /** The sandbox stands still until {@link wake} or {@link adopt}: its terminals wait. */
  rest(sandboxId: string): void {
    for (const session of this.#of(sandboxId)) session.rest();
  }

  /** The sandbox goes on as it was. */
  wake(sandboxId: string): void {
    for (const session of this.#of(sandboxId)) session.wake();
  }

  /** The sandbox begins to stop, and to end what runs in it. */
  expectStop(sandboxId: string, reason: Error): void {
    for (const session of this.#of(sandboxId)) session.expectEnd(reason);
  }

  /** The sandbox has stopped: its sessions have ended, and those who are attached are told why. */
  dropSandbox(sandboxId: string, reason: Error): void {
    for (const session of this.#of(sandboxId)) session.fail(reason);
  }

  /** The sandbox is gone, with all that was kept of it. */
  forgetSandbox(sandboxId: string): void {
    for (const { identity } of this.#of(sandboxId)) this.close(identity.id);
  }

  #get(id: string): HostedSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new AppError('session/not-found', `No session is "${id}".`);
    return session;
  }

  #of(sandboxId: string): HostedSession[] {
    return [...this.#sessions.values()].filter(({ identity }) => identity.sandboxId === sandboxId);
  }

  #terminal(
    identity: SessionIdentity,
    session: AgentSession,
    { size, isFound = false }: SessionFacts,
  ): TerminalSession {
    const onEnded = (): void => {
      this.#makeRoom(identity.sandboxId);
    };
    const mirrors = this.#mirrors;
    return new TerminalSession({ identity, session, size, isFound, mirrors, onEnded });
  }

  #makeRoom(sandboxId: string): void {
    const ended = this.#of(sandboxId).filter(({ end }) => end !== undefined);
    const byAge = ended.sort((a, b) => (a.end?.atMs ?? 0) - (b.end?.atMs ?? 0));
    for (const { identity } of byAge.slice(0, Math.max(0, ended.length - maxEnded))) {
      this.close(identity.id);
    }
  }
}

/** As `planShell` starts it. */
function runsShell([path, option, ...rest]: readonly string[], shell: string): boolean {
  return path === shell && (option === undefined || (option === '-c' && rest.length === 1));
}

function idOf(run: SandboxRun, session: AgentSession): string {
  return `${run.id}-${run.startedAtMs.toString(36)}-${String(session.id)}`;
}
