/** Snapshots of the in-memory host: taken, gone back to, branched from and compared. */
import type { ChangedFiles } from '../../../main/contract/files.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Compared, Snapshot } from '../../../main/contract/snapshot.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { aSandbox, aSnapshot, aStage } from '../../testing/builders.ts';
import { failure } from './fake-failure.ts';
import type { FakeOperations } from './fake-operations.ts';

/** What it needs of the host that it is of. */
interface SnapshotHost {
  readonly operations: FakeOperations;
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  put(sandbox: Sandbox): Sandbox;
  nextId(kind: string): string;
}

const mebibyte = 1_048_576;

/** See the head of this file. */
export class FakeSnapshots {
  all: readonly Snapshot[];
  readonly #host: SnapshotHost;
  readonly #onChange: () => void;
  readonly #compared = new Set<string>();
  #counter = 0xa000000000;

  constructor(snapshots: readonly Snapshot[], host: SnapshotHost, onChange: () => void) {
    this.all = snapshots;
    this.#host = host;
    this.#onChange = onChange;
  }

  find(id: string): Snapshot {
    const snapshot = this.all.find((one) => one.id === id);
    if (snapshot === undefined) throw failure('snapshot/not-found', `No snapshot is ${id}.`);
    return snapshot;
  }

  take(sandbox: Sandbox, wanted: string | undefined, withMemory: boolean | undefined): Operation {
    const name = wanted ?? new Date().toISOString().slice(0, 16).replaceAll(/[T:]/g, ' ');
    this.#checkName(sandbox.id, name);
    this.#counter += 1;
    const id = this.#counter.toString(16);
    const isRunning = sandbox.state === 'running' || sandbox.state === 'paused';
    const hasMemory = isRunning && withMemory !== false;
    const memoryBytes = hasMemory ? 96 * mebibyte : 0;
    const { operation, succeeded } = this.#host.operations.start({
      ...{ kind: 'snapshot', subject: sandbox.name },
      stages: [
        ...(hasMemory
          ? [aStage({ key: 'memory', label: 'Save the memory', bytesTotal: memoryBytes })]
          : []),
        aStage({ key: 'disk', label: 'Keep the disk' }),
      ],
      outcome: () => ({ snapshotId: id }),
    });
    void succeeded.then((isDone) => {
      const present = this.#host.sandboxes.get(sandbox.name);
      if (!isDone || present === undefined) return;
      const { basedOn } = present;
      const taken = aSnapshot({
        ...{ id, name, sandbox: { id: sandbox.id, name: sandbox.name }, hasMemory, memoryBytes },
        ...{ config: sandbox.config, createdAtMs: Date.now() },
        ...(basedOn === undefined ? {} : { parentId: basedOn }),
      });
      this.#set([...this.all, taken]);
      this.#host.put({ ...present, basedOn: id });
    });
    return operation;
  }

  rename(id: string, name: string): Snapshot {
    const before = this.find(id);
    if (before.name !== name) this.#checkName(before.sandbox.id, name);
    const renamed = { ...before, name };
    this.#set(this.all.map((one) => (one.id === id ? renamed : one)));
    return renamed;
  }

  /** What went on from it goes on from what it went on from. */
  remove(id: string): void {
    const { parentId } = this.find(id);
    const upwards = <T extends object>(one: T, key: 'parentId' | 'basedOn'): T => {
      const { [key]: _removed, ...rest } = one as T & Record<string, unknown>;
      return { ...rest, ...(parentId === undefined ? {} : { [key]: parentId }) } as T;
    };
    this.#set(
      this.all
        .filter((one) => one.id !== id)
        .map((one) => (one.parentId === id ? upwards(one, 'parentId') : one)),
    );
    for (const sandbox of this.#host.sandboxes.values()) {
      if (sandbox.basedOn === id) this.#host.put(upwards(sandbox, 'basedOn'));
    }
  }

  restore(sandbox: Sandbox, id: string, withMemory: boolean | undefined): Operation {
    const { hasMemory, memoryProblem } = this.find(id);
    const goesOn = hasMemory && memoryProblem === undefined && withMemory !== false;
    const { operation, succeeded } = this.#host.operations.start({
      ...{ kind: 'restore', subject: sandbox.name },
      stages: [
        aStage({ key: 'disk', label: 'Put the disk back' }),
        ...(goesOn ? [aStage({ key: 'restore', label: 'Restore the machine' })] : []),
      ],
    });
    void succeeded.then((isDone) => {
      const present = this.#host.sandboxes.get(sandbox.name);
      if (!isDone || present === undefined) return;
      const { suspended: _gone, ...rest } = present;
      this.#host.put({
        ...{ ...rest, basedOn: id, state: goesOn ? 'running' : 'stopped' },
        ...(goesOn ? { startedAtMs: Date.now(), beganBy: 'branched', bootMs: 140 } : {}),
      });
    });
    return operation;
  }

  branch(from: Compared, names: readonly string[], withMemory: boolean | undefined): Operation {
    const taken = names.find((name) => this.#host.sandboxes.has(name));
    if (taken !== undefined) {
      throw failure('sandbox/name-taken', `A sandbox named "${taken}" is there already.`);
    }
    const snapshot = 'id' in from ? this.find(from.id) : undefined;
    const source = 'sandbox' in from ? this.#host.sandboxes.get(from.sandbox) : undefined;
    const config = snapshot?.config ?? source?.config;
    if (config === undefined) throw failure('sandbox/not-found', 'There is no such sandbox.');
    const goesOn = withMemory !== false && (snapshot?.hasMemory ?? source?.state === 'running');
    const basedOn = snapshot?.id ?? source?.basedOn;
    const { operation, succeeded } = this.#host.operations.start({
      ...{ kind: 'branch', subject: snapshot?.sandbox.name ?? config.name },
      stages: names.map((name) => aStage({ key: `branch:${name}`, label: `Make ${name}` })),
      outcome: () => ({ sandboxes: [...names] }),
    });
    void succeeded.then((isDone) => {
      if (!isDone) return;
      for (const name of names) {
        this.#host.put(
          aSandbox({
            ...{ name, id: this.#host.nextId('sandbox'), config: { ...config, name } },
            ...{ createdAtMs: Date.now(), startedAtMs: Date.now(), bootMs: 160 },
            beganBy: goesOn ? 'branched' : 'warm',
            ...(basedOn === undefined ? {} : { basedOn }),
            ...(source === undefined ? {} : { branchedFrom: { id: source.id, name: source.name } }),
          }),
        );
      }
    });
    return operation;
  }

  compare(request: { readonly to: Compared }): Operation {
    const { to } = request;
    const subject = 'sandbox' in to ? to.sandbox : this.find(to.id).sandbox.name;
    const { operation, succeeded } = this.#host.operations.start({
      ...{ kind: 'compare', subject },
      stages: [aStage({ key: 'read', label: 'Read the disks', bytesTotal: 61 * mebibyte })],
    });
    void succeeded.then((isDone) => {
      if (isDone) this.#compared.add(JSON.stringify(request));
    });
    return operation;
  }

  changes(request: { readonly to: Compared }): ChangedFiles {
    if (!this.#compared.has(JSON.stringify(request))) {
      throw failure('snapshot/not-compared', 'The two were not compared yet.');
    }
    return {
      isTruncated: false,
      files: [
        { path: '/etc/apt/sources.list', kind: 'file', change: 'removed' },
        { path: '/etc/hosts', kind: 'file', change: 'modified', sizeBytes: 174 },
        { path: '/root/.cache', kind: 'directory', change: 'added' },
        { path: '/root/.cache/pip/http/0a1b', kind: 'file', change: 'added', sizeBytes: 48_213 },
        { path: '/root/app/server.py', kind: 'file', change: 'modified', sizeBytes: 5_120 },
        ...Array.from({ length: 40 }, (_, index) => ({
          path: `/usr/lib/python3/dist-packages/module_${String(index)}.py`,
          ...{ kind: 'file' as const, change: 'added' as const, sizeBytes: 900 + index * 311 },
        })),
      ],
    };
  }

  #checkName(sandboxId: string, name: string): void {
    if (this.all.some((one) => one.sandbox.id === sandboxId && one.name === name)) {
      throw failure('snapshot/name-taken', `The name "${name}" is taken.`);
    }
  }

  #set(snapshots: readonly Snapshot[]): void {
    this.all = snapshots;
    this.#onChange();
  }
}
