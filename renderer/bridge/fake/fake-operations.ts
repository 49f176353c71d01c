/** Long work of the in-memory host: it takes its time, can be cancelled, and leaves lines of output. */
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation, Outcome, Stage } from '../../../main/contract/operation.ts';
import { anError, anOperation } from '../../testing/builders.ts';
import { fakeEvents } from './fake-events.ts';

/** What is to be done. */
export interface FakeWork {
  readonly kind: Operation['kind'];
  readonly subject: string;
  readonly stages: readonly Stage[];
  /** How it fails, at the end of the stage with this key. */
  readonly failure?: { readonly at: string; readonly error: ErrorData } | undefined;
  /** Lines that it prints, one with each step. */
  readonly lines?: readonly string[];
  /** What it brings, asked for once every stage is done. */
  readonly outcome?: () => Outcome;
}

/** Work whose bytes are moved by somebody else. */
export interface FakeProgress {
  /** False where it has ended, or was cancelled. */
  setBytes(bytesDone: number): boolean;
  /** With why it failed, where it did. */
  end(failure?: string): void;
}

/** Steps of a stage that moves bytes or builds, and of any other. */
const steps = { bytes: 24, other: 3 };

interface Printed {
  readonly lines: string[];
  readonly listeners: Set<(line: string | undefined) => void>;
}

/** See the head of this file. */
export class FakeOperations {
  readonly all = new Map<string, Operation>();
  readonly #printed = new Map<string, Printed>();
  readonly #stepMs: number;
  readonly #onChange: (operation: Operation) => void;
  #counter = 0;

  constructor(stepMs: number, onChange: (operation: Operation) => void) {
    this.#stepMs = stepMs;
    this.#onChange = onChange;
  }

  /** Begins it; `succeeded` says in the end whether it did. */
  start(work: FakeWork): { readonly operation: Operation; readonly succeeded: Promise<boolean> } {
    this.#counter += 1;
    const id = `operation-${String(this.#counter)}`;
    const { kind, subject, stages } = work;
    if (work.lines !== undefined) this.#printed.set(id, { lines: [], listeners: new Set() });
    const operation = this.#update(
      anOperation({
        ...{ id, kind, subject, stages: [...stages], startedAtMs: Date.now() },
        ...(work.lines === undefined ? {} : { hasOutput: true }),
      }),
    );
    return { operation, succeeded: this.#run(id, work) };
  }

  /** Begins work of one stage whose progress comes from outside. */
  begin(work: Pick<FakeWork, 'kind' | 'subject' | 'stages'>): {
    readonly operation: Operation;
    readonly progress: FakeProgress;
  } {
    this.#counter += 1;
    const id = `operation-${String(this.#counter)}`;
    const { kind, subject, stages } = work;
    const operation = this.#update(
      anOperation({ id, kind, subject, stages: [...stages], startedAtMs: Date.now() }),
    );
    const key = stages[0]?.key ?? '';
    return {
      operation,
      progress: {
        setBytes: (bytesDone) => this.#setStage(id, key, { bytesDone }),
        end: (message) => {
          if (message !== undefined) {
            this.#end(id, { state: 'failed', error: anError('file/failed', { message }) });
            return;
          }
          this.#setStage(id, key, { state: 'done', endedAtMs: Date.now() });
          this.#end(id, { state: 'succeeded' });
        },
      },
    };
  }

  cancel(id: string): void {
    this.#end(id, { state: 'cancelled' });
  }

  /** What an operation has printed, then more as it comes, until it has ended. */
  async *output(id: string, signal?: AbortSignal): AsyncGenerator<string> {
    const printed = this.#printed.get(id);
    if (printed === undefined) return;
    if (this.all.get(id)?.state !== 'running') {
      yield* printed.lines;
      return;
    }
    const subscribe = (push: (line: string | undefined) => void) => {
      printed.listeners.add(push);
      return () => {
        printed.listeners.delete(push);
      };
    };
    for await (const line of fakeEvents<string | undefined>(printed.lines, subscribe, signal)) {
      if (line === undefined) return;
      yield line;
    }
  }

  /** Walks the stages; resolves with whether the operation succeeded. */
  async #run(id: string, work: FakeWork): Promise<boolean> {
    const lines = [...(work.lines ?? [])];
    for (const { key, bytesTotal } of work.stages) {
      if (!this.#setStage(id, key, { state: 'active', startedAtMs: Date.now() })) return false;
      const isLong = bytesTotal !== undefined || key === 'build';
      const count = isLong ? steps.bytes : steps.other;
      for (let step = 1; step <= count; step += 1) {
        await new Promise((resolve) => setTimeout(resolve, this.#stepMs));
        const bytes =
          bytesTotal === undefined ? {} : { bytesDone: Math.round((bytesTotal * step) / count) };
        if (!this.#setStage(id, key, bytes)) return false;
        this.#print(id, lines.splice(0, 1));
      }
      if (work.failure?.at === key) {
        this.#print(id, lines);
        this.#end(id, { state: 'failed', error: work.failure.error });
        return false;
      }
      this.#setStage(id, key, { state: 'done', endedAtMs: Date.now() });
    }
    if (this.all.get(id)?.state !== 'running') return false;
    this.#print(id, lines);
    const outcome = work.outcome?.();
    this.#end(id, { state: 'succeeded', ...(outcome === undefined ? {} : { outcome }) });
    return true;
  }

  #setStage(id: string, key: string, change: Partial<Stage>): boolean {
    const operation = this.all.get(id);
    if (operation?.state !== 'running') return false;
    const stages = operation.stages.map((stage) =>
      stage.key === key ? { ...stage, ...change } : stage,
    );
    this.#update({ ...operation, stages });
    return true;
  }

  #end(id: string, change: Pick<Operation, 'state' | 'error' | 'outcome'>): void {
    const operation = this.all.get(id);
    if (operation?.state !== 'running') return;
    const endedAtMs = Date.now();
    const stages = operation.stages.map((stage): Stage => {
      if (stage.state !== 'active') return stage;
      return { ...stage, state: change.state === 'failed' ? 'failed' : 'skipped', endedAtMs };
    });
    this.#update({ ...operation, ...change, stages, endedAtMs });
    for (const push of this.#printed.get(id)?.listeners ?? []) push(undefined);
  }

  #print(id: string, lines: readonly string[]): void {
    const printed = this.#printed.get(id);
    if (printed === undefined) return;
    for (const line of lines) {
      printed.lines.push(`${line}\n`);
      for (const push of printed.listeners) push(`${line}\n`);
    }
  }

  #update(operation: Operation): Operation {
    this.all.set(operation.id, operation);
    this.#onChange(operation);
    return operation;
  }
}
