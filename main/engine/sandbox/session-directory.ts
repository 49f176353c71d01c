import type { Session } from '../../contract/session.ts';
import type { Agent, AgentSession } from '../agent/agent.ts';
import { AppError } from '../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../engine.ts';

interface Entry {
  readonly sandboxId: string;
  readonly sandboxName: string;
  readonly session: AgentSession;
  attached: { readonly sink: SessionSink; readonly detach: () => void } | undefined;
}

/** A run of a sandbox, by which its sessions are named: the same after the host process came back. */
export interface SandboxRun {
  readonly id: string;
  readonly name: string;
  readonly startedAtMs: number;
}

/** The sessions of every running sandbox, and who is attached to which. */
export class SessionDirectory {
  readonly #entries = new Map<string, Entry>();

  /** Makes a session known. */
  add(run: SandboxRun, session: AgentSession): Session {
    const id = `${run.id}-${run.startedAtMs.toString(36)}-${String(session.id)}`;
    const entry: Entry = {
      sandboxId: run.id,
      sandboxName: run.name,
      session,
      attached: undefined,
    };
    this.#entries.set(id, entry);
    return describe(id, entry);
  }

  /** Makes the sessions of an agent known that came back, in place of the earlier connection's. */
  adopt(run: SandboxRun, agent: Agent): void {
    this.dropSandbox(run.id, new AppError('agent/disconnected', 'The guest was connected anew.'));
    for (const session of agent.sessions()) this.add(run, session);
  }

  list(sandboxId: string): Session[] {
    return [...this.#entries]
      .filter(([, entry]) => entry.sandboxId === sandboxId)
      .map(([id, entry]) => describe(id, entry));
  }

  /** @throws AppError `session/not-found` */
  attach(id: string, sink: SessionSink): SessionAttachment {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new AppError('session/not-found', `No session is "${id}".`);
    this.#evict(entry, new AppError('session/taken-over', 'Another client took the session over.'));
    const { session } = entry;
    const detach = session.attach({
      onStdout: (bytes) => {
        sink.onStdout(bytes);
      },
      onStderr: (bytes) => {
        sink.onStderr(bytes);
      },
      onExit: (status) => {
        this.#entries.delete(id);
        entry.attached = undefined;
        sink.onExit(status);
      },
      // Whether the guest ended, or only its connection, is not known yet: the sandbox will say,
      // with `dropSandbox` or `adopt`.
      onDisconnect: () => undefined,
    });
    const attached = { sink, detach };
    entry.attached = attached;
    return {
      write: (bytes) => session.write(bytes),
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
        if (entry.attached === attached) session.acknowledge(byteCount);
      },
      detach: () => {
        if (entry.attached !== attached) return;
        entry.attached = undefined;
        detach();
      },
    };
  }

  /** Forgets the sessions of a sandbox and tells those who are attached why. */
  dropSandbox(sandboxId: string, reason: Error): void {
    for (const [id, entry] of [...this.#entries]) {
      if (entry.sandboxId !== sandboxId) continue;
      this.#entries.delete(id);
      this.#evict(entry, reason);
    }
  }

  #evict(entry: Entry, reason: Error): void {
    const { attached } = entry;
    if (attached === undefined) return;
    entry.attached = undefined;
    attached.detach();
    attached.sink.onError(reason);
  }
}

function describe(id: string, entry: Entry): Session {
  const { session } = entry;
  return {
    id,
    sandbox: entry.sandboxName,
    command: [...session.command],
    tty: session.tty,
    startedAtMs: session.startedAtMs,
    ...(session.exit === undefined ? {} : { exit: session.exit }),
  };
}
