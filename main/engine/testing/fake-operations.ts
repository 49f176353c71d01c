/** The operations of the fake engine: one stage each, which ends in the next turn of the loop. */
import type { Operation, Outcome, Stage } from '../../contract/operation.ts';
import { AppError, cancelledError, toErrorData } from '../base/app-error.ts';
import type { Engine } from '../engine.ts';

/** What an operation of the fake does. */
export interface FakeWork {
  readonly kind: Operation['kind'];
  readonly subject: string;
  /** What its stage is about; `endless` never ends by itself. */
  readonly what: string;
  /** What it fails with, if it is to fail. */
  readonly failure?: AppError | undefined;
  readonly succeed: () => void;
  /** What it brings. */
  readonly outcome?: () => Outcome;
  /** Puts back what was there, where it fails or is cancelled. */
  readonly undo?: () => void;
}

/** See the head of this file. */
export class FakeOperations {
  readonly #operations = new Map<string, Operation>();
  readonly #work = new Map<string, FakeWork>();
  readonly #ended = new Map<string, PromiseWithResolvers<Operation>>();
  readonly #announce: (operation: Operation) => void;

  constructor(announce: (operation: Operation) => void) {
    this.#announce = announce;
  }

  list(): Operation[] {
    return [...this.#operations.values()];
  }

  /** What the engine offers its clients. */
  readonly engine: Engine['operations'] = {
    get: (id) => this.#get(id),
    cancel: (id) => {
      const operation = this.#get(id);
      if (operation.state === 'running') {
        this.#work.get(id)?.undo?.();
        const error = toErrorData(cancelledError(operation.subject));
        this.#end({ ...operation, state: 'cancelled', error });
      }
      return Promise.resolve();
    },
    onOutput: (id, listener) => {
      this.#get(id);
      listener(`output of ${id}\n`);
      return () => undefined;
    },
    wait: (id) => {
      const operation = this.#get(id);
      if (operation.state !== 'running') return Promise.resolve(operation);
      const ended = this.#ended.get(id) ?? Promise.withResolvers<Operation>();
      this.#ended.set(id, ended);
      return ended.promise;
    },
  };

  /** Begins a work. */
  begin(id: string, work: FakeWork): Operation {
    const { kind, subject, what } = work;
    const stage: Stage = { key: 'resolve', label: `Resolve ${what}`, state: 'active' };
    const operation: Operation = {
      ...{ id, kind, subject, state: 'running', stages: [stage], startedAtMs: 0 },
    };
    this.#operations.set(id, operation);
    this.#work.set(id, work);
    this.#announce(operation);
    if (what === 'endless') return operation;
    setImmediate(() => {
      if (this.#get(id).state !== 'running') return;
      if (work.failure !== undefined) {
        work.undo?.();
        this.#end({ ...operation, state: 'failed', error: toErrorData(work.failure) });
        return;
      }
      work.succeed();
      this.#end({
        ...operation,
        state: 'succeeded',
        stages: [{ ...stage, state: 'done' }],
        ...(work.outcome && { outcome: work.outcome() }),
      });
    });
    return operation;
  }

  #get(id: string): Operation {
    const operation = this.#operations.get(id);
    if (operation === undefined) {
      throw new AppError('operation/not-found', `There is no operation "${id}".`);
    }
    return operation;
  }

  #end(operation: Operation): void {
    const ended = { ...operation, endedAtMs: 1 };
    this.#operations.set(operation.id, ended);
    this.#announce(ended);
    this.#ended.get(operation.id)?.resolve(ended);
  }
}
