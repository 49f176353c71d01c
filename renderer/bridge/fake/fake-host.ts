/** The state of the in-memory host: sandboxes, images and operations that take their time. */
import type { ErrorCode } from '../../../main/contract/error-codes.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { Image } from '../../../main/contract/image.ts';
import type { Operation, Stage } from '../../../main/contract/operation.ts';
import type { SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Session } from '../../../main/contract/session.ts';
import { FakeNetwork } from './fake-network.ts';
import { aSandbox, anError, anImage, anOperation, aStage } from '../../testing/builders.ts';

/** Where the in-memory host begins and how fast it is. */
export interface FakeHostOptions {
  readonly sandboxes?: readonly Sandbox[];
  readonly images?: readonly Image[];
  /** Milliseconds between two steps of an operation; 0 in tests. */
  readonly stepMs?: number;
}

const mebibyte = 1_048_576;

/** A host process without machines. An image named `…missing…` cannot be pulled. */
export class FakeHost {
  readonly sandboxes = new Map<string, Sandbox>();
  readonly sessions = new Map<string, Session>();
  readonly operations = new Map<string, Operation>();
  readonly network: FakeNetwork;
  images: Image[];
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #stepMs: number;
  #counter = 0;

  constructor(options: FakeHostOptions = {}) {
    this.images = [...(options.images ?? [anImage()])];
    this.#stepMs = options.stepMs ?? 120;
    this.network = new FakeNetwork(this, this.#stepMs * 10);
    for (const sandbox of options.sandboxes ?? []) this.sandboxes.set(sandbox.name, sandbox);
  }

  nextId(kind: string): string {
    this.#counter += 1;
    return `${kind}-${String(this.#counter)}`;
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  snapshot(): EngineEvent {
    return {
      type: 'snapshot',
      sandboxes: [...this.sandboxes.values()],
      images: this.images,
      operations: [...this.operations.values()],
    };
  }

  put(changed: Sandbox): Sandbox {
    const network = changed.state === 'running' ? 'up' : 'none';
    const sandbox: Sandbox = { ...changed, network };
    this.sandboxes.set(sandbox.name, sandbox);
    this.#emit({ type: 'sandbox', sandbox });
    return sandbox;
  }

  remove(sandbox: Sandbox): void {
    this.sandboxes.delete(sandbox.name);
    this.#emit({ type: 'sandbox-removed', id: sandbox.id, name: sandbox.name });
  }

  create(config: SandboxConfig): Operation {
    const pulled = this.#findImage(config.image) === undefined;
    const operation = this.#begin('create', config.name, [
      aStage({ key: 'resolve', label: `Resolve ${config.image}` }),
      ...(pulled ? pullStages() : []),
      aStage({ key: 'root', label: 'Prepare root' }),
      aStage({ key: 'boot', label: 'Boot' }),
      aStage({ key: 'agent', label: 'Agent' }),
    ]);
    const sandbox = this.put(
      aSandbox({
        name: config.name,
        id: this.nextId('sandbox'),
        config,
        state: 'creating',
        createdAtMs: Date.now(),
      }),
    );
    void this.#run(operation.id, config.image).then((succeeded) => {
      if (!succeeded) this.remove(sandbox);
      else {
        this.#addImage(config.image);
        this.put({ ...sandbox, state: 'running', startedAtMs: Date.now() });
      }
    });
    return operation;
  }

  start(sandbox: Sandbox): Operation {
    const operation = this.#begin('start', sandbox.name, [
      aStage({ key: 'boot', label: 'Boot' }),
      aStage({ key: 'agent', label: 'Agent' }),
    ]);
    const { lastError: _forgotten, ...rest } = sandbox;
    this.put({ ...rest, state: 'starting' });
    void this.#run(operation.id, sandbox.config.image).then((succeeded) => {
      const state = succeeded ? 'running' : 'stopped';
      this.put({ ...rest, state, startedAtMs: Date.now() });
    });
    return operation;
  }

  pull(reference: string): Operation {
    const operation = this.#begin('pull', reference, [
      aStage({ key: 'resolve', label: `Resolve ${reference}` }),
      ...pullStages(),
    ]);
    void this.#run(operation.id, reference).then((succeeded) => {
      if (succeeded) this.#addImage(reference);
    });
    return operation;
  }

  cancel(id: string): void {
    this.#end(id, 'cancelled');
  }

  #findImage(reference: string): Image | undefined {
    return this.images.find((image) => image.reference === reference);
  }

  #addImage(reference: string): void {
    if (this.#findImage(reference) !== undefined) return;
    const image = anImage({ reference, downloadBytes: 136 * mebibyte, diskBytes: 300 * mebibyte });
    this.images = [...this.images, { ...image, pulledAtMs: Date.now() }];
    this.#emit({ type: 'images', images: this.images });
  }

  #begin(kind: Operation['kind'], subject: string, stages: Stage[]): Operation {
    const id = this.nextId('operation');
    return this.#update(anOperation({ id, kind, subject, stages, startedAtMs: Date.now() }));
  }

  #update(operation: Operation): Operation {
    this.operations.set(operation.id, operation);
    this.#emit({ type: 'operation', operation });
    return operation;
  }

  #end(id: string, state: 'succeeded' | 'failed' | 'cancelled', code?: ErrorCode): void {
    const operation = this.operations.get(id);
    if (operation?.state !== 'running') return;
    const error: ErrorData | undefined =
      code === undefined
        ? undefined
        : anError(code, { message: `The registry has no image "${operation.subject}".` });
    const stages = operation.stages.map((stage): Stage =>
      stage.state === 'active'
        ? { ...stage, state: state === 'failed' ? 'failed' : 'skipped', endedAtMs: Date.now() }
        : stage,
    );
    this.#update({
      ...operation,
      state,
      stages: state === 'succeeded' ? operation.stages : stages,
      endedAtMs: Date.now(),
      ...(error === undefined ? {} : { error }),
    });
  }

  /** Walks the stages; resolves with whether the operation succeeded. */
  async #run(id: string, reference: string): Promise<boolean> {
    const keys = this.operations.get(id)?.stages.map((stage) => stage.key) ?? [];
    for (const key of keys) {
      if (!this.#setStage(id, key, { state: 'active', startedAtMs: Date.now() })) return false;
      if (key === 'resolve' && reference.includes('missing')) {
        await this.#step();
        this.#end(id, 'failed', 'image/not-found');
        return false;
      }
      const total = this.operations.get(id)?.stages.find((stage) => stage.key === key)?.bytesTotal;
      for (let step = 1; step <= (total === undefined ? 3 : 24); step += 1) {
        await this.#step();
        const bytes = total === undefined ? {} : { bytesDone: Math.round((total * step) / 24) };
        if (!this.#setStage(id, key, bytes)) return false;
      }
      this.#setStage(id, key, { state: 'done', endedAtMs: Date.now() });
    }
    if (this.operations.get(id)?.state !== 'running') return false;
    this.#end(id, 'succeeded');
    return true;
  }

  #setStage(id: string, key: string, change: Partial<Stage>): boolean {
    const operation = this.operations.get(id);
    if (operation?.state !== 'running') return false;
    const stages = operation.stages.map((stage) =>
      stage.key === key ? { ...stage, ...change } : stage,
    );
    this.#update({ ...operation, stages });
    return true;
  }

  #step(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#stepMs));
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function pullStages(): Stage[] {
  return [95, 41].map((size, index) =>
    aStage({
      key: `layer:sha256:${String(index + 1).repeat(64)}`,
      label: `Pull layer ${String(index + 1)}/2`,
      bytesDone: 0,
      bytesTotal: size * mebibyte,
    }),
  );
}
