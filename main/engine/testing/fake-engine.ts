/**
 * An engine in memory, for tests of what stands on the engine. Configurations are looked at as by
 * the real one, on this machine; sandboxes are records, sessions are those of fake-session.ts.
 * Images: `missing` cannot be pulled, `endless` pulls until cancelled.
 */
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { EngineEvent } from '../../contract/event.ts';
import type { HostReport } from '../../contract/host.ts';
import type { Finding } from '../../contract/image-upkeep.ts';
import type { Image } from '../../contract/image.ts';
import type { Operation } from '../../contract/operation.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { Session } from '../../contract/session.ts';
import { AppError } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import { buildConfig, toConfigReport, type BuiltConfig } from '../config/build-config.ts';
import { problemsError } from '../config/config-problem.ts';
import type { Engine } from '../engine.ts';
import { completePath } from '../host/complete-path.ts';
import { planConfigChange } from '../sandbox/configure-sandbox.ts';
import { SessionDirectory } from '../sandbox/session/session-directory.ts';
import { LocalMirrors } from '../terminal/testing/local-mirrors.ts';
import { FakeCheck } from './fake-check.ts';
import { FakeFiles } from './fake-files.ts';
import { digestOf, fakeImage, imageNotFound } from './fake-image.ts';
import { fakeImageTransfer, type FakeImageStore } from './fake-image-transfer.ts';
import { fakeImageWork, imageNotStored } from './fake-image-work.ts';
import { fakeUpkeep } from './fake-image-upkeep.ts';
import { FakeLive } from './fake-live.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeOperations, type FakeWork } from './fake-operations.ts';
import { FakeRegistries } from './fake-registries.ts';
import { FakeSession, type FakeProcess } from './fake-session.ts';
import { FakePresets, FakeVolumes } from './fake-stores.ts';

/** See the head of this file. */
export class FakeEngine implements Engine {
  readonly stateDir: string;
  readonly #events = new Emitter<EngineEvent>();
  readonly #images = new Map<string, Image>();
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #operations = new FakeOperations((operation) => {
    this.emit({ type: 'operation', operation });
  });
  readonly #volumes: FakeVolumes;
  readonly #processes = new Map<string, FakeSession>();
  readonly #mirrors = new LocalMirrors();
  readonly #sessions = new SessionDirectory(this.#mirrors);
  readonly #check = new FakeCheck();
  #count = 0;
  #lastStream = 0;
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
    });
    const off = this.#events.on(listener);
    return () => {
      this.subscriptions -= 1;
      off();
    };
  }

  readonly config: Engine['config'] = {
    build: async (input) => toConfigReport(await this.#build(input)),
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
        [...this.#sandboxes.values()]
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
      rootOf: (sandbox) => this.#find(sandbox).root?.kind,
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

  readonly sandboxes: Engine['sandboxes'] = {
    list: () => [...this.#sandboxes.values()],
    inspect: (name) => this.#find(name),
    suggest: () => Promise.resolve({ name: this.#freeName(), image: 'skerry/starter' }),
    create: async (input) => this.#create(await this.#build(input)),
    configure: async (name, input) => {
      const sandbox = this.#find(name);
      const built = await this.#build(input, name);
      const { config, changes } = planConfigChange(sandbox.config, built);
      this.#put({ ...this.#find(name), config });
      return { sandbox: this.#find(name), changes };
    },
    duplicate: async (name, as, { withDisk }) => {
      const { config, state } = this.#find(name);
      if (withDisk && state === 'running') {
        throw new AppError('sandbox/running', `"${name}" is running.`);
      }
      return this.#create(await this.#build({ ...config, name: as }));
    },
    start: (name) => {
      const sandbox = this.#find(name);
      if (sandbox.state === 'running') {
        const subject = { kind: 'start', subject: name } as const;
        const id = this.#nextId('done');
        const state = 'succeeded';
        return Promise.resolve({ ...subject, id, state, stages: [], startedAtMs: 0, endedAtMs: 0 });
      }
      const succeed = (): void => {
        this.#put({ ...sandbox, state: 'running' });
      };
      return Promise.resolve(this.#begin({ kind: 'start', subject: name, what: name, succeed }));
    },
    stop: (name) => {
      this.#put({ ...this.#find(name), state: 'stopped' });
      const reason = new AppError('sandbox/not-running', `"${name}" has stopped.`);
      this.#sessions.dropSandbox(this.#find(name).id, reason);
      return Promise.resolve(this.#find(name));
    },
    restart: async (name) => {
      await this.sandboxes.stop(name);
      return this.sandboxes.start(name);
    },
    remove: (name, options) => {
      if (this.#find(name).state === 'running' && options?.force !== true) {
        return Promise.reject(new AppError('sandbox/running', `"${name}" is running.`));
      }
      this.#drop(name);
      return Promise.resolve();
    },
    exec: ({ name, command, env, workdir, user, tty }) => {
      const sandbox = this.#find(name);
      return this.#startSession(name, {
        command: command.length > 0 ? command : ['print', 'what the image runs'],
        env: { ...sandbox.config.env, ...env },
        workdir: workdir ?? sandbox.config.workdir ?? '/',
        user: user ?? sandbox.config.user ?? 'root',
        tty,
      });
    },
    shell: ({ name, script, tty }) => {
      const command = script === undefined ? ['cat'] : script.split(' ');
      const process = { command, env: {}, workdir: '/', user: 'root', tty };
      return this.#startSession(name, process, { path: '/bin/sh' });
    },
    sessions: (name) => this.#sessions.list(this.#find(name).id),
    boots: (name) => this.live.boots(name),
  };
  readonly files: Engine['files'] = new FakeFiles((name) => {
    const { state } = this.#find(name);
    if (state !== 'running') throw new AppError('sandbox/not-running', `"${name}" is ${state}.`);
  });
  /** What its sandboxes say, run and use, from their own side. */
  readonly live = new FakeLive({ isRunning: (name) => this.#find(name).state === 'running' });
  readonly logs: Engine['logs'] = this.live.logs;
  readonly stats: Engine['stats'] = this.live.stats;
  readonly commands: Engine['commands'] = this.live.commands;

  readonly sessions: Engine['sessions'] = {
    inspect: (sessionId) => this.#sessions.inspect(sessionId),
    activity: (sessionId) => this.#sessions.activity(sessionId),
    close: (sessionId) =>
      Promise.resolve().then(() => {
        this.#sessions.close(sessionId);
      }),
    attach: (sessionId, sink) => this.#sessions.attach(sessionId, sink),
  };

  readonly operations: Engine['operations'] = this.#operations.engine;
  /** Its networks, from their own side. */
  readonly networks = new FakeNetwork({
    get: (name) => this.#find(name).config.network,
    put: (name, network) => {
      const sandbox = this.#find(name);
      this.#put({ ...sandbox, config: { ...sandbox.config, network } });
    },
    isRunning: (name) => this.#find(name).state === 'running',
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
    const session = this.#processes.get(id);
    if (session === undefined) throw new Error(`The fake has no session ${id}.`);
    return session;
  }

  /** The session that was started last, also when it is over. */
  get lastSession(): FakeSession | undefined {
    return [...this.#processes.values()].at(-1);
  }

  #startSession(sandbox: string, process: FakeProcess, shell?: Session['shell']): Promise<Session> {
    const { id, state } = this.#find(sandbox);
    if (state !== 'running') {
      return Promise.reject(new AppError('sandbox/not-running', `"${sandbox}" is ${state}.`));
    }
    return new Promise((resolve) => {
      this.#lastStream += 1;
      const session = new FakeSession(this.#lastStream, process);
      const run = { id, name: sandbox, startedAtMs: 0 };
      const info = this.#sessions.add(run, session, { size: process.tty, shell });
      this.#processes.set(info.id, session);
      resolve(info);
    });
  }

  #build(input: unknown, own?: string): Promise<BuiltConfig> {
    return buildConfig(input, {
      isImageStored: (reference) => Promise.resolve(this.#images.has(reference)),
      isNameTaken: (name) => name !== own && this.#sandboxes.has(name),
      findShareSupport: () =>
        Promise.resolve({
          transport: 'virtiofs',
          files: true,
          evidence: 'The fake shares nothing.',
        }),
    });
  }

  /** As the real one: what is replaced stays until the new one runs, and what fails leaves nothing. */
  #create({ config, root, replace, problems }: BuiltConfig): Operation {
    if (problems.length > 0 || config === undefined) throw problemsError(problems);
    const old = this.#sandboxes.get(config.name);
    if (old !== undefined && !replace) {
      throw new AppError('sandbox/name-taken', `There is a sandbox called "${config.name}".`);
    }
    const isImage = root?.kind === 'image';
    const sandbox: Sandbox = {
      id: this.#nextId('sandbox'),
      name: config.name,
      state: 'creating',
      config,
      ...(root !== undefined && { root }),
      ...(isImage && { imageDigest: digestOf(config.image) }),
      createdAtMs: 0,
      network: 'none',
    };
    if (old === undefined) this.#put(sandbox);
    return this.#begin({
      kind: 'create',
      subject: config.name,
      what: config.image,
      failure: isImage ? this.#failureOfImage(config) : undefined,
      succeed: () => {
        if (old !== undefined) this.#drop(config.name);
        if (isImage) this.#addImage(config.image);
        this.#volumes.ensure(config);
        this.#put({ ...sandbox, state: 'running', startedAtMs: 0, bootMs: 700 });
      },
      undo: () => {
        if (old === undefined) this.#drop(config.name);
      },
    });
  }

  #failureOfImage({ image, pullPolicy }: SandboxConfig): AppError | undefined {
    if (image === 'missing') return imageNotFound(image);
    if (pullPolicy === 'never' && !this.#images.has(image)) {
      return imageNotStored(image);
    }
    return undefined;
  }

  #begin(work: FakeWork): Operation {
    return this.#operations.begin(this.#nextId('operation'), work);
  }

  #find(name: string): Sandbox {
    const sandbox = this.#sandboxes.get(name);
    if (sandbox === undefined) {
      throw new AppError('sandbox/not-found', `There is no sandbox called "${name}".`);
    }
    return sandbox;
  }

  #put(sandbox: Sandbox): void {
    this.#sandboxes.set(sandbox.name, sandbox);
    this.emit({ type: 'sandbox', sandbox });
  }

  #drop(name: string): void {
    const sandbox = this.#sandboxes.get(name);
    if (sandbox === undefined) return;
    this.#sandboxes.delete(name);
    this.#sessions.forgetSandbox(sandbox.id);
    this.emit({ type: 'sandbox-removed', id: sandbox.id, name });
  }

  #addImage(reference: string): void {
    this.#images.set(reference, fakeImage(reference));
    this.emit({ type: 'images', images: [...this.#images.values()] });
  }

  #freeName(): string {
    for (let number = 1; ; number += 1) {
      const name = `sandbox-${String(number)}`;
      if (!this.#sandboxes.has(name)) return name;
    }
  }

  #nextId(kind: string): string {
    this.#count += 1;
    return `${kind}-${String(this.#count)}`;
  }
}
