/** An agent whose commands without a terminal are recorded, whoever asks for them. */
import type { Agent, AgentExec, AgentSession, AgentSessionListener } from '../../agent/agent.ts';
import type { CommandRun } from '../../../contract/commands.ts';
import { isAppError } from '../../base/app-error.ts';
import { overlay } from '../../base/overlay.ts';
import { RecordedOutput } from './recorded-output.ts';
import type { CommandRuns, NewRun } from './command-runs.ts';
import type { StoredRun } from './stored-run.ts';

/** See the head of this file. One for each sandbox. */
export class CommandRecorder {
  readonly #runs: CommandRuns;
  readonly #recorded = new WeakMap<Agent, Agent>();
  readonly #outputs = new WeakMap<AgentSession, RecordedOutput>();

  constructor(runs: CommandRuns) {
    this.#runs = runs;
  }

  /**
   * The agent as clients are to see it. Of one that is new here the runs go on that were begun by
   * an earlier connection; the sessions of those that are read here are nobody else's.
   */
  recorded(agent: Agent, machineStartedAtMs: number): Agent {
    const known = this.#recorded.get(agent);
    if (known !== undefined) return known;
    this.#resume(agent, machineStartedAtMs);
    const recorded = overlay(agent, {
      exec: async (request, signal) => {
        const session = await agent.exec(request, signal);
        if (session.tty) return session;
        const about: NewRun = { command: [...session.command], origin: 'client' };
        const { id } = this.#runs.begin(about, session, machineStartedAtMs);
        return this.#tapped(session, id);
      },
      sessions: () => {
        const runs = this.#runs.going(machineStartedAtMs);
        return agent.sessions().flatMap((session) => {
          const run = runOf(session, runs);
          if (run === undefined) return session;
          return run.origin === 'window' ? [] : this.#tapped(session, run.id);
        });
      },
    });
    this.#recorded.set(agent, recorded);
    return recorded;
  }

  /**
   * Runs a command that nobody else reads; one that cannot be started is a run that has failed.
   * @throws AppError `agent/…`
   */
  async run(
    agent: Agent,
    machineStartedAtMs: number,
    request: AgentExec,
    about: Pick<NewRun, 'line' | 'script'>,
  ): Promise<CommandRun> {
    const run: NewRun = { command: [...request.command], ...about, origin: 'window' };
    let session: AgentSession;
    try {
      session = await agent.exec(request);
    } catch (error) {
      if (!isAppError(error) || !error.code.startsWith('exec/')) throw error;
      return this.#runs.addFailed(run, error.message);
    }
    const begun = this.#runs.begin(run, session, machineStartedAtMs);
    this.#consume(session, begun.id);
    session.endInput();
    return begun;
  }

  #resume(agent: Agent, machineStartedAtMs: number): void {
    const runs = this.#runs.going(machineStartedAtMs);
    const sessions = agent.sessions();
    for (const run of runs) {
      const session = sessions.find((each) => runOf(each, [run]) !== undefined);
      if (session === undefined) {
        this.#runs.failed(run.id, 'How it ended is not known: the guest has forgotten it.');
        continue;
      }
      this.#runs.resume(run.id, session);
      if (run.origin === 'window') this.#consume(session, run.id);
    }
  }

  /** Whether the guest ended, or only its connection, is said by what follows. */
  #consume(session: AgentSession, id: string): void {
    const recorder = this.#runs.recorder(id);
    const take = (stream: 'stdout' | 'stderr', bytes: Uint8Array): void => {
      void recorder.write(stream, bytes).finally(() => {
        session.acknowledge(bytes.length);
      });
    };
    session.attach({
      onStdout: (bytes) => {
        take('stdout', bytes);
      },
      onStderr: (bytes) => {
        take('stderr', bytes);
      },
      onExit: (status) => {
        void recorder.end().then(() => {
          this.#runs.ended(id, status);
        });
      },
      onDisconnect: () => {
        void recorder.end();
      },
    });
  }

  /** What passes to whoever attaches is recorded on its way, once. */
  #tapped(session: AgentSession, id: string): AgentSession {
    const output = this.#outputs.get(session) ?? new RecordedOutput();
    this.#outputs.set(session, output);
    return overlay(session, {
      acknowledge: (byteCount) => {
        output.used(byteCount);
        session.acknowledge(byteCount);
      },
      attach: (listener) => {
        output.restart();
        const recorder = this.#runs.recorder(id);
        const tap: Partial<AgentSessionListener> = {
          onStdout: (bytes) => {
            void recorder.write('stdout', output.news('stdout', bytes));
            listener.onStdout(bytes);
          },
          onStderr: (bytes) => {
            void recorder.write('stderr', output.news('stderr', bytes));
            listener.onStderr(bytes);
          },
          onExit: (status) => {
            void recorder.end().then(() => {
              this.#runs.ended(id, status);
            });
            listener.onExit(status);
          },
        };
        const detach = session.attach(overlay(listener, tap));
        return () => {
          void recorder.end();
          detach();
        };
      },
    });
  }
}

function runOf(session: AgentSession, runs: readonly StoredRun[]): StoredRun | undefined {
  return session.tty ? undefined : runs.find((run) => run.session?.id === session.id);
}
