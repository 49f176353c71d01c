/** The state of the in-memory host: sandboxes, images and operations that take their time. */
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { Image } from '../../../main/contract/image.ts';
import type { Operation, Stage } from '../../../main/contract/operation.ts';
import type { SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { Snapshot } from '../../../main/contract/snapshot.ts';
import type { Template } from '../../../main/contract/template.ts';
import type { Registry } from '../../../main/contract/registry.ts';
import { aSandbox, anImage, aStage } from '../../testing/builders.ts';
import { failureOf, layerStages } from './fake-image-work.ts';
import type { FakeTransfer } from './fake-file-transfer.ts';
import { FakeImages } from './fake-images.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeOperations } from './fake-operations.ts';
import { FakeRegistries } from './fake-registries.ts';
import type { FakeSession } from './fake-session.ts';
import { FakeSnapshots } from './fake-snapshots.ts';

/** Where the in-memory host begins and how fast it is. */
export interface FakeHostOptions {
  readonly sandboxes?: readonly Sandbox[];
  readonly images?: readonly Image[];
  readonly registries?: readonly Registry[];
  readonly snapshots?: readonly Snapshot[];
  readonly templates?: readonly Template[];
  /** Where passwords are kept. */
  readonly keeper?: 'secret-service' | 'file';
  /** Milliseconds between two steps of an operation; 0 in tests. */
  readonly stepMs?: number;
  /** Lines that each log begins with. */
  readonly logLines?: number;
  /** Milliseconds between two changes of some sandbox, to see the window bear them; none without. */
  readonly changeEveryMs?: number;
}

/** A host process without machines. An image named `…missing…` cannot be pulled. */
export class FakeHost {
  readonly sandboxes = new Map<string, Sandbox>();
  readonly sessions = new Map<string, FakeSession>();
  /** Tar streams that wait for the window, by their session. */
  readonly transfers = new Map<string, FakeTransfer>();
  readonly operations: FakeOperations;
  readonly network: FakeNetwork;
  readonly images: FakeImages;
  readonly registries: FakeRegistries;
  readonly snapshots: FakeSnapshots;
  templates: readonly Template[];
  readonly stepMs: number;
  readonly logLines: number;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #counter = 0;

  constructor(options: FakeHostOptions = {}) {
    const stepMs = options.stepMs ?? 120;
    this.stepMs = stepMs;
    this.logLines = options.logLines ?? 3_000;
    this.operations = new FakeOperations(stepMs, (operation) => {
      this.#emit({ type: 'operation', operation });
    });
    this.images = new FakeImages(options.images ?? [anImage()], this, () => {
      this.#emit({ type: 'images', images: [...this.images.all] });
    });
    this.registries = new FakeRegistries(options.registries, options.keeper ?? 'secret-service');
    this.snapshots = new FakeSnapshots(options.snapshots ?? [], this, () => {
      this.#emit({ type: 'snapshots', snapshots: [...this.snapshots.all] });
    });
    this.templates = options.templates ?? [];
    this.network = new FakeNetwork(this, stepMs * 10);
    for (const sandbox of options.sandboxes ?? []) this.sandboxes.set(sandbox.name, sandbox);
    if (options.changeEveryMs !== undefined) this.#changeForEver(options.changeEveryMs);
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
      images: [...this.images.all],
      operations: [...this.operations.all.values()],
      snapshots: [...this.snapshots.all],
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
    const isStored = this.images.of(config.image) !== undefined;
    const { operation, succeeded } = this.operations.start({
      kind: 'create',
      subject: config.name,
      stages: [
        aStage({ key: 'resolve', label: `Resolve ${config.image}` }),
        ...(isStored ? [] : layerStages('Pull')),
        aStage({ key: 'root', label: 'Prepare root' }),
        ...bootStages(),
      ],
      failure: isStored ? undefined : failureOf(config.image),
    });
    const sandbox = this.put(
      aSandbox({
        name: config.name,
        id: this.nextId('sandbox'),
        config,
        state: 'creating',
        createdAtMs: Date.now(),
      }),
    );
    void succeeded.then((isMade) => {
      if (!isMade) this.remove(sandbox);
      else {
        const { digest } = this.images.add(config.image);
        const startedAtMs = Date.now();
        this.put({ ...sandbox, imageDigest: digest, state: 'running', startedAtMs });
      }
    });
    return operation;
  }

  /** One that is suspended goes on where it was, unless it is started `fromDisk`. */
  start(sandbox: Sandbox, fromDisk = false): Operation {
    const goesOn = sandbox.state === 'suspended' && !fromDisk;
    const { operation, succeeded } = this.operations.start({
      kind: 'start',
      subject: sandbox.name,
      stages: goesOn ? [aStage({ key: 'restore', label: 'Restore the machine' })] : bootStages(),
    });
    const { lastError: _forgotten, suspended: _gone, ...rest } = sandbox;
    this.put({ ...rest, state: 'starting' });
    void succeeded.then((isRunning) => {
      if (isRunning) {
        const beganBy = goesOn ? 'resumed' : 'warm';
        this.put({ ...rest, state: 'running', startedAtMs: Date.now(), beganBy });
      } else this.put(goesOn ? sandbox : { ...rest, state: 'stopped' });
    });
    return operation;
  }

  suspend(sandbox: Sandbox): Operation {
    const memoryBytes = sandbox.config.memoryMiB * 1_048_576 * 0.2;
    const { operation, succeeded } = this.operations.start({
      kind: 'suspend',
      subject: sandbox.name,
      stages: [aStage({ key: 'memory', label: 'Save the memory', bytesTotal: memoryBytes })],
    });
    this.put({ ...sandbox, state: 'suspending' });
    void succeeded.then((isDone) => {
      if (!isDone) this.put(sandbox);
      else {
        const { vmPid: _pid, ...rest } = sandbox;
        this.put({ ...rest, state: 'suspended', suspended: { atMs: Date.now(), memoryBytes } });
      }
    });
    return operation;
  }

  /** One after the other, each sandbox stops or runs. */
  #changeForEver(everyMs: number): void {
    let turn = 0;
    setInterval(() => {
      const all = [...this.sandboxes.values()];
      const sandbox = all[turn % all.length];
      turn += 1;
      if (sandbox === undefined) return;
      this.put({ ...sandbox, state: sandbox.state === 'running' ? 'stopped' : 'running' });
    }, everyMs);
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function bootStages(): Stage[] {
  return [aStage({ key: 'boot', label: 'Boot' }), aStage({ key: 'agent', label: 'Agent' })];
}
