/** Long work that can be watched and cancelled. It knows nothing of what the work is. */
import { randomUUID } from 'node:crypto';
import type { Operation, Outcome, Stage } from '../../contract/operation.ts';
import { AppError, cancelledError, isAppError, toErrorData } from '../base/app-error.ts';
import { OutputTail } from './output-tail.ts';

/** A stage before it begins. */
export type PlannedStage = Pick<Stage, 'key' | 'label'>;

/** What the work of an operation reports to. */
export interface OperationProgress {
  readonly signal: AbortSignal;
  begin(key: string, note?: string): void;
  update(key: string, change: Partial<Pick<Stage, 'bytesDone' | 'bytesTotal' | 'note'>>): void;
  finish(key: string, note?: string): void;
  skip(key: string, note?: string): void;
  /** Puts further stages behind the one that is named. */
  addAfter(key: string, stages: readonly PlannedStage[]): void;
  /** Appends to the output of the operation, for people. */
  output(text: string): void;
  /** What the operation brings; the last call counts, and only where it succeeds. */
  bring(outcome: Outcome): void;
}

interface Entry {
  operation: Operation;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  readonly output: OutputTail;
  outcome?: Outcome;
}

/** Runs work, and whatever belongs around it. */
export type Surround = <T>(work: () => Promise<T>) => Promise<T>;

/** Ended operations that are kept for those who look later. */
const maxEnded = 100;

/** The operations of an engine, those that run and the latest that have ended. */
export class OperationTracker {
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: (operation: Operation) => void;
  readonly #surround: Surround;

  /** @param surround what every work runs within */
  constructor(onChange: (operation: Operation) => void, surround: Surround = (work) => work()) {
    this.#onChange = onChange;
    this.#surround = surround;
  }

  list(): Operation[] {
    return [...this.#entries.values()].map((entry) => entry.operation);
  }

  /** @throws AppError `operation/not-found` */
  get(id: string): Operation {
    return this.#entry(id).operation;
  }

  /** The operation of this kind and subject that runs, if one does. */
  running(kind: Operation['kind'], subject: string): Operation | undefined {
    return this.list().find(
      (operation) =>
        operation.state === 'running' && operation.kind === kind && operation.subject === subject,
    );
  }

  /** Begins work. Its failure becomes the operation's error and is thrown nowhere. */
  start(
    kind: Operation['kind'],
    subject: string,
    stages: readonly PlannedStage[],
    work: (progress: OperationProgress) => Promise<void>,
  ): Operation {
    const id = randomUUID();
    const controller = new AbortController();
    const operation: Operation = {
      id,
      kind,
      subject,
      state: 'running',
      stages: stages.map(waiting),
      startedAtMs: Date.now(),
    };
    const progress = this.#progress(id, controller.signal);
    const ended = Promise.resolve()
      .then(() => this.#surround(() => work(progress)))
      .then(
        () => {
          this.#end(id, 'succeeded');
        },
        (error: unknown) => {
          const cancelled = isAppError(error, 'operation/cancelled') || controller.signal.aborted;
          const cause = cancelled ? cancelledError(`The ${kind} of ${subject}`) : error;
          this.#end(id, cancelled ? 'cancelled' : 'failed', cause);
        },
      );
    this.#entries.set(id, { operation, controller, ended, output: new OutputTail() });
    this.#onChange(operation);
    return operation;
  }

  /** An operation for something that was so already. */
  alreadyDone(kind: Operation['kind'], subject: string): Operation {
    const nowMs = Date.now();
    const operation: Operation = {
      id: randomUUID(),
      kind,
      subject,
      state: 'succeeded',
      stages: [],
      startedAtMs: nowMs,
      endedAtMs: nowMs,
    };
    const controller = new AbortController();
    const ended = Promise.resolve();
    this.#entries.set(operation.id, { operation, controller, ended, output: new OutputTail() });
    this.#forgetOldest();
    return operation;
  }

  /** Asks the work to stop; resolves when it has and what it made is gone. */
  async cancel(id: string): Promise<void> {
    const entry = this.#entry(id);
    entry.controller.abort(cancelledError(`The ${entry.operation.kind}`));
    await entry.ended;
  }

  async wait(id: string): Promise<Operation> {
    const entry = this.#entry(id);
    await entry.ended;
    return entry.operation;
  }

  /** Hears the output that is kept, then more as it comes. @throws AppError `operation/not-found` */
  onOutput(id: string, listener: (text: string) => void): () => void {
    return this.#entry(id).output.on(listener);
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.cancel(id)));
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new AppError('operation/not-found', `No operation is "${id}".`);
    return entry;
  }

  #change(id: string, change: (operation: Operation) => Operation): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.operation = change(entry.operation);
    this.#onChange(entry.operation);
  }

  #changeStage(id: string, key: string, change: (stage: Stage) => Stage): void {
    this.#change(id, (operation) => ({
      ...operation,
      stages: operation.stages.map((stage) => (stage.key === key ? change(stage) : stage)),
    }));
  }

  #progress(id: string, signal: AbortSignal): OperationProgress {
    const noted = (note: string | undefined) => (note === undefined ? {} : { note });
    const end = (key: string, state: Stage['state'], note: string | undefined): void => {
      this.#changeStage(id, key, (stage) => ({
        ...stage,
        state,
        ...noted(note),
        endedAtMs: Date.now(),
      }));
    };
    return {
      signal,
      begin: (key, note) => {
        this.#changeStage(id, key, (stage) => ({
          ...stage,
          state: 'active',
          startedAtMs: Date.now(),
          ...noted(note),
        }));
      },
      update: (key, change) => {
        this.#changeStage(id, key, (stage) => ({ ...stage, ...change }));
      },
      finish: (key, note) => {
        end(key, 'done', note);
      },
      skip: (key, note) => {
        end(key, 'skipped', note);
      },
      addAfter: (key, stages) => {
        this.#change(id, (operation) => ({
          ...operation,
          stages: operation.stages.flatMap((stage) =>
            stage.key === key ? [stage, ...stages.map(waiting)] : [stage],
          ),
        }));
      },
      output: (text) => {
        const { output } = this.#entry(id);
        const isFirst = output.isEmpty;
        output.add(text);
        if (isFirst) this.#change(id, (operation) => ({ ...operation, hasOutput: true }));
      },
      bring: (outcome) => {
        this.#entry(id).outcome = outcome;
      },
    };
  }

  #end(id: string, state: Operation['state'], error?: unknown): void {
    const endedAtMs = Date.now();
    const outcome = state === 'succeeded' ? this.#entries.get(id)?.outcome : undefined;
    this.#change(id, (operation) => ({
      ...operation,
      state,
      endedAtMs,
      stages: operation.stages.map((stage) =>
        stage.state === 'active' ? { ...stage, state: 'failed', endedAtMs } : stage,
      ),
      ...(outcome === undefined ? {} : { outcome }),
      ...(error === undefined ? {} : { error: toErrorData(error) }),
    }));
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    const ended = this.list().filter((operation) => operation.state !== 'running');
    for (const operation of ended.slice(0, Math.max(0, ended.length - maxEnded))) {
      this.#entries.delete(operation.id);
    }
  }
}

function waiting(stage: PlannedStage): Stage {
  return { ...stage, state: 'waiting' };
}
