/** The runs of commands in one sandbox: those that go on, and the latest that have ended. */
import { randomUUID } from 'node:crypto';
import { keptCommandRuns, type CommandEvent, type CommandRun } from '../../../contract/commands.ts';
import type { ExitStatus } from '../../../contract/session.ts';
import type { AgentSession } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import { Emitter } from '../../base/emitter.ts';
import { KeptList } from '../kept-list.ts';
import type { SandboxLog } from '../logs/sandbox-log.ts';
import { RunRecorder } from './run-recorder.ts';
import { storedRunSchema, toCommandRun, type StoredRun } from './stored-run.ts';

/** What is known of a run before it has begun. */
export type NewRun = Pick<CommandRun, 'command' | 'line' | 'script' | 'origin'>;

/** What is kept of the words that a command was called with, for a list that stays small. */
const maxCommandCharacters = 8 * 1024;

/** See the head of this file. */
export class CommandRuns {
  readonly #log: SandboxLog;
  readonly #kept: KeptList<StoredRun>;
  readonly #changes = new Emitter<CommandEvent>();
  /** The latest first. */
  #runs: StoredRun[] = [];
  readonly #sessions = new Map<string, AgentSession>();

  constructor(file: string, log: SandboxLog) {
    this.#kept = new KeptList(file, storedRunSchema);
    this.#log = log;
  }

  /** Reads what an earlier host process kept. */
  async load(): Promise<void> {
    this.#runs = (await this.#kept.load()).slice(0, keptCommandRuns);
  }

  list(): CommandRun[] {
    this.#noticeEnds();
    return this.#runs.map(toCommandRun);
  }

  /** @throws AppError `command/not-found` */
  get(id: string): CommandRun {
    this.#noticeEnds();
    return toCommandRun(this.#find(id));
  }

  /** Calls back with all of them at once, then with what becomes of them. */
  watch(listener: (event: CommandEvent) => void): () => void {
    listener({ type: 'all', runs: this.list() });
    return this.#changes.on(listener);
  }

  /** A run that did not begin, and why. */
  addFailed(run: NewRun, failure: string): CommandRun {
    const nowMs = Date.now();
    const about = { startedAtMs: nowMs, endedAtMs: nowMs, failure };
    return this.#put({ id: randomUUID(), ...bounded(run), ...about });
  }

  /** A run that has begun; what it says is recorded from its next attachment on. */
  begin(run: NewRun, session: AgentSession, machineStartedAtMs: number): CommandRun {
    const id = randomUUID();
    this.#sessions.set(id, session);
    return this.#put({
      ...{ id, ...bounded(run), startedAtMs: Date.now() },
      session: { id: session.id, machineStartedAtMs },
    });
  }

  /** The runs that are said to go on in this machine, for sessions that are found in its guest. */
  going(machineStartedAtMs: number): StoredRun[] {
    return this.#runs.filter(({ session }) => session?.machineStartedAtMs === machineStartedAtMs);
  }

  /** A run goes on by this session. */
  resume(id: string, session: AgentSession): void {
    this.#sessions.set(id, session);
  }

  recorder(id: string): RunRecorder {
    return new RunRecorder(this.#log, id);
  }

  ended(id: string, exit: ExitStatus): void {
    this.#end(id, { exit });
  }

  failed(id: string, failure: string): void {
    this.#end(id, { failure });
  }

  /** Those that go on have lost their machine. */
  allFailed(failure: string): void {
    for (const { id, endedAtMs } of this.#runs) {
      if (endedAtMs === undefined) this.failed(id, failure);
    }
  }

  /** @throws AppError `command/not-found` where it does not go on */
  signal(id: string, signal: number): void {
    const { endedAtMs } = this.#find(id);
    const session = this.#sessions.get(id);
    if (endedAtMs !== undefined || session === undefined) {
      throw new AppError('command/not-found', 'The command does not run any more.');
    }
    session.signal(signal);
  }

  /** @throws AppError `command/not-found`, `command/invalid` where it goes on */
  async remove(id: string): Promise<void> {
    if (this.#find(id).endedAtMs === undefined) {
      throw new AppError('command/invalid', 'The command still runs.', {
        hint: 'Send it a signal first.',
      });
    }
    this.#runs = this.#runs.filter((run) => run.id !== id);
    this.#save();
    this.#changes.emit({ type: 'removed', ids: [id] });
    await this.#log.removeCommand(id);
  }

  /** Resolves when all is written. */
  saved(): Promise<void> {
    return this.#kept.saved();
  }

  /** Nothing is written any more. */
  close(): Promise<void> {
    return this.#kept.close();
  }

  #find(id: string): StoredRun {
    const run = this.#runs.find((each) => each.id === id);
    if (run === undefined) {
      throw new AppError('command/not-found', `There is no command "${id}".`);
    }
    return run;
  }

  /** A client that has left hears of no end, and its output waits for the next one. */
  #noticeEnds(): void {
    for (const [id, { exit }] of [...this.#sessions]) {
      const isClient = this.#runs.some((run) => run.id === id && run.origin === 'client');
      if (exit !== undefined && isClient) this.ended(id, exit);
    }
  }

  /** Once: whatever comes after the end changes nothing. */
  #end(id: string, how: Pick<StoredRun, 'exit' | 'failure'>): void {
    this.#sessions.delete(id);
    const run = this.#runs.find((each) => each.id === id);
    if (run === undefined || run.endedAtMs !== undefined) return;
    const { session: _session, ...rest } = run;
    this.#put({ ...rest, endedAtMs: Date.now(), ...how });
  }

  #put(run: StoredRun): CommandRun {
    const isNew = !this.#runs.some(({ id }) => id === run.id);
    this.#runs = isNew
      ? [run, ...this.#runs]
      : this.#runs.map((each) => (each.id === run.id ? run : each));
    const ids = this.#makeRoom();
    this.#save();
    const shown = toCommandRun(run);
    this.#changes.emit({ type: 'changed', runs: [shown] });
    if (ids.length > 0) this.#changes.emit({ type: 'removed', ids });
    return shown;
  }

  /** The ids of those that make way: the oldest that have ended. */
  #makeRoom(): string[] {
    const ids: string[] = [];
    while (this.#runs.length > keptCommandRuns) {
      const oldest = this.#runs.findLast(({ endedAtMs }) => endedAtMs !== undefined);
      if (oldest === undefined) break;
      this.#runs = this.#runs.filter((run) => run !== oldest);
      ids.push(oldest.id);
    }
    return ids;
  }

  #save(): void {
    this.#kept.save(() => this.#runs);
  }
}

/** A command may have a megabyte; the words that do not fit are said to be more. */
function bounded({ command, line, ...run }: NewRun): NewRun {
  const kept: string[] = [];
  let left = maxCommandCharacters;
  for (const word of command) {
    if (left <= 0) {
      kept.push('…');
      break;
    }
    kept.push(shortened(word, left));
    left -= word.length;
  }
  return {
    ...run,
    command: kept,
    ...(line === undefined ? {} : { line: shortened(line, maxCommandCharacters) }),
  };
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
