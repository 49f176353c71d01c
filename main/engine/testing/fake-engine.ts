/**
 * An engine in memory, for tests of what stands on the engine: each part is a fake of its own.
 * Images: `missing` cannot be pulled, `endless` pulls until cancelled.
 */
import type { EngineEvent } from '../../contract/event.ts';
import type { HostReport } from '../../contract/host.ts';
import type { Finding } from '../../contract/image-upkeep.ts';
import type { Image } from '../../contract/image.ts';
import type { Operation } from '../../contract/operation.ts';
import { AppError } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import { toConfigReport } from '../config/build-config.ts';
import type { Engine } from '../engine.ts';
import { completePath } from '../host/complete-path.ts';
import { FakeCheck } from './fake-check.ts';
import { FakeFiles } from './fake-files.ts';
import { digestOf, fakeImage, imageNotFound } from './fake-image.ts';
import { fakeImageTransfer, type FakeImageStore } from './fake-image-transfer.ts';
import { fakeImageWork } from './fake-image-work.ts';
import { fakeUpkeep } from './fake-image-upkeep.ts';
import { FakeLive } from './fake-live.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeOperations, type FakeWork } from './fake-operations.ts';
import { FakeRegistries } from './fake-registries.ts';
import { FakeSandboxes } from './fake-sandboxes.ts';
import type { FakeSession } from './fake-session.ts';
import { FakePresets, FakeVolumes } from './fake-stores.ts';

/** See the head of this file. */
export class FakeEngine implements Engine {
  readonly stateDir: string;
  readonly #events = new Emitter<EngineEvent>();
  readonly #images = new Map<string, Image>();
  readonly #operations = new FakeOperations((operation) => {
    this.emit({ type: 'operation', operation });
  });
  readonly #volumes: FakeVolumes;
  readonly #check = new FakeCheck();
  readonly #own: FakeSandboxes = new FakeSandboxes({
    hasImage: (reference) => this.#images.has(reference),
    addImage: (reference) => {
      this.#addImage(reference);
    },
    ensureVolumes: (config) => {
      this.#volumes.ensure(config);
    },
    boots: (name) => this.live.boots(name),
    begin: (work) => this.#begin(work),
    nextId: (kind) => this.#nextId(kind),
    emit: (event) => {
      this.emit(event);
    },
  });
  #count = 0;
  /** How many subscriptions are open. */
  subscriptions = 0;
  /** What was asked of the desktop. */
  readonly openedTerminals: { readonly name: string; readonly emulator: string }[] = [];
  isClosed = false;

  constructor(stateDir = '/nowhere') {
    this.stateDir = stateDir;
    this.#volumes = new FakeVolumes(stateDir, () =>
      this.sandboxes.list().map(({ config }) => config),
    );
    this.volumes = this.#volumes.engine;
    this.#addImage('skerry/starter');
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.subscriptions += 1;
    listener({
      type: 'snapshot',
      sandboxes: this.sandboxes.list(),
      images: [...this.#images.values()],
      operations: this.#operations.list(),
      snapshots: [],
    });
    const off = this.#events.on(listener);
    return () => {
      this.subscriptions -= 1;
      off();
    };
  }

  readonly config: Engine['config'] = {
    build: async (input) => toConfigReport(await this.#own.build(input)),
  };

  readonly templates: Engine['templates'] = {
    list: () => Promise.resolve([]),
    clear: () => Promise.resolve(),
  };
  readonly snapshots: Engine['snapshots'] = {
    list: () => [],
    ...{ create: notYet, rename: notYet, remove: notYet, restore: notYet },
    ...{ branch: notYet, compare: notYet, changes: notYet },
  };

  readonly host: Engine['host'] = {
    completePath: (prefix) => completePath(prefix),
    openTerminal: (name, emulator) => {
      this.sandboxes.inspect(name);
      this.openedTerminals.push({ name, emulator });
      return Promise.resolve({ emulator: '/usr/bin/xterm' });
    },
    diagnostics: () =>
      Promise.resolve({
        fileName: 'skerry-diagnostics-1970-01-01T00-00-00.tar',
        files: [
          { path: 'host.json', text: '{}\n', isCut: false },
          { path: 'logs/host.log', text: 'the end\n', isCut: true },
        ],
        redactions: ['2 values of variables'],
      }),
    report: (): Promise<HostReport> =>
      Promise.resolve({
        version: '0.0.0',
        platform: 'linux x64',
        cpus: 2,
        memoryMiB: 2048,
        accelerator: 'tcg',
        acceleratorNote: 'Sandboxes run under emulation, which is slow.',
        stateDir: this.stateDir,
        checks: [
          { id: 'qemu', title: 'QEMU', result: 'pass', evidence: 'QEMU 7.2' },
          {
            id: 'kvm',
            title: 'Hardware virtualization',
            result: 'warn',
            evidence: '/dev/kvm is not there',
            fix: 'modprobe kvm',
          },
        ],
        host: { pid: process.pid, socket: '' },
      }),
  };

  readonly #imageStore: FakeImageStore = {
    digestOf,
    names: () => [...this.#images.keys()],
    has: (reference) => this.#images.has(reference),
    add: (reference) => {
      this.#addImage(reference);
    },
    begin: (work) => this.#begin(work),
  };
  /** What was asked to be committed. */
  readonly commits: Parameters<Engine['images']['commit']>[0][] = [];
  readonly images: Engine['images'] = {
    ...fakeUpkeep({
      images: this.#images,
      usersOf: (imageDigest) =>
        this.#own.engine
          .list()
          .filter((sandbox) => sandbox.imageDigest === imageDigest)
          .map(({ name }) => name),
      onChange: () => {
        this.emit({ type: 'images', images: [...this.#images.values()] });
      },
    }),
    ...fakeImageTransfer(this.#imageStore),
    ...fakeImageWork(this.#imageStore, {
      commits: this.commits,
      check: this.#check,
      rootOf: (sandbox) => this.#own.find(sandbox).root?.kind,
    }),
    list: () => Promise.resolve([...this.#images.values()]),
    pull: (reference) =>
      Promise.resolve(
        this.#begin({
          kind: 'pull',
          subject: reference,
          what: reference,
          failure: reference === 'missing' ? imageNotFound(reference) : undefined,
          outcome: { references: [reference], digest: digestOf(reference) },
          succeed: () => {
            this.#addImage(reference);
          },
        }),
      ),
  };
  readonly fakeRegistries = new FakeRegistries();
  readonly registries: Engine['registries'] = this.fakeRegistries.engine;

  readonly sandboxes: Engine['sandboxes'] = this.#own.engine;
  readonly sessions: Engine['sessions'] = this.#own.sessions;
  readonly files: Engine['files'] = new FakeFiles((name) => {
    const { state } = this.#own.find(name);
    if (state !== 'running') throw new AppError('sandbox/not-running', `"${name}" is ${state}.`);
  });
  /** What its sandboxes say, run and use, from their own side. */
  readonly live: FakeLive = new FakeLive({
    isRunning: (name) => this.#own.find(name).state === 'running',
  });
  readonly logs: Engine['logs'] = this.live.logs;
  readonly stats: Engine['stats'] = this.live.stats;
  readonly commands: Engine['commands'] = this.live.commands;

  readonly operations: Engine['operations'] = this.#operations.engine;
  /** Its networks, from their own side. */
  readonly networks = new FakeNetwork({
    get: (name) => this.#own.find(name).config.network,
    put: (name, network) => {
      const sandbox = this.#own.find(name);
      this.#own.put({ ...sandbox, config: { ...sandbox.config, network } });
    },
    isRunning: (name) => this.#own.find(name).state === 'running',
  });

  readonly network: Engine['network'] = this.networks.engine;

  readonly volumes: Engine['volumes'];
  readonly presets: Engine['presets'] = new FakePresets().engine;

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Damages the store, for a check to find. */
  damage(finding: Finding): void {
    this.#check.damage(finding);
  }

  /** Sends an event as the engine would. */
  emit(event: EngineEvent): void {
    this.#events.emit(event);
  }

  /** The session of a client under test. */
  session(id: string): FakeSession {
    return this.#own.session(id);
  }

  /** The session that was started last, also when it is over. */
  get lastSession(): FakeSession | undefined {
    return this.#own.lastSession;
  }

  #begin(work: FakeWork): Operation {
    return this.#operations.begin(this.#nextId('operation'), work);
  }

  #addImage(reference: string): void {
    this.#images.set(reference, fakeImage(reference));
    this.emit({ type: 'images', images: [...this.#images.values()] });
  }

  #nextId(kind: string): string {
    this.#count += 1;
    return `${kind}-${String(this.#count)}`;
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new Error('This is not bound yet.'));
}
