/**
 * The sandboxes of the fake engine: records in memory. Configurations are looked at as by the real
 * one, on this machine; sessions are those of fake-session.ts.
 */
import type { EngineEvent } from '../../contract/event.ts';
import type { Operation } from '../../contract/operation.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { Session } from '../../contract/session.ts';
import { AppError } from '../base/app-error.ts';
import { buildConfig, type BuiltConfig } from '../config/build-config.ts';
import { problemsError } from '../config/config-problem.ts';
import type { Engine } from '../engine.ts';
import { planConfigChange } from '../sandbox/configure-sandbox.ts';
import { SessionDirectory } from '../sandbox/session/session-directory.ts';
import { LocalMirrors } from '../terminal/testing/local-mirrors.ts';
import { digestOf, imageNotFound } from './fake-image.ts';
import { imageNotStored } from './fake-image-work.ts';
import type { FakeWork } from './fake-operations.ts';
import { FakeSession, type FakeProcess } from './fake-session.ts';

/** What the fake needs of its engine. */
export interface FakeSandboxesSource {
  readonly hasImage: (reference: string) => boolean;
  readonly addImage: (reference: string) => void;
  readonly ensureVolumes: (config: SandboxConfig) => void;
  readonly boots: Engine['sandboxes']['boots'];
  readonly begin: (work: FakeWork) => Operation;
  readonly nextId: (kind: string) => string;
  readonly emit: (event: EngineEvent) => void;
}

/** See the head of this file. */
export class FakeSandboxes {
  readonly #source: FakeSandboxesSource;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #processes = new Map<string, FakeSession>();
  readonly #directory = new SessionDirectory(new LocalMirrors());
  #lastStream = 0;

  constructor(source: FakeSandboxesSource) {
    this.#source = source;
  }

  /** What the engine offers its clients. */
  readonly engine: Engine['sandboxes'] = {
    list: () => [...this.#sandboxes.values()],
    inspect: (name) => this.find(name),
    suggest: () => Promise.resolve({ name: this.#freeName(), image: 'skerry/starter' }),
    create: async (input) => this.#create(await this.build(input)),
    configure: async (name, input) => {
      const sandbox = this.find(name);
      const built = await this.build(input, name);
      const { config, changes } = planConfigChange(sandbox.config, built);
      this.put({ ...this.find(name), config });
      return { sandbox: this.find(name), changes };
    },
    duplicate: async (name, as, { withDisk }) => {
      const { config, state } = this.find(name);
      if (withDisk && state === 'running') {
        throw new AppError('sandbox/running', `"${name}" is running.`);
      }
      return this.#create(await this.build({ ...config, name: as }));
    },
    start: (name) => {
      const sandbox = this.find(name);
      if (sandbox.state === 'running') {
        const subject = { kind: 'start', subject: name } as const;
        const id = this.#source.nextId('done');
        const state = 'succeeded';
        return Promise.resolve({ ...subject, id, state, stages: [], startedAtMs: 0, endedAtMs: 0 });
      }
      const succeed = (): void => {
        const { suspended: _memory, ...rest } = sandbox;
        this.put({ ...rest, state: 'running' });
      };
      return Promise.resolve(
        this.#source.begin({ kind: 'start', subject: name, what: name, succeed }),
      );
    },
    pause: (name) => {
      if (this.find(name).state !== 'running') {
        const message = `"${name}" is ${this.find(name).state}.`;
        return Promise.reject(new AppError('sandbox/not-running', message));
      }
      this.put({ ...this.find(name), state: 'paused' });
      return Promise.resolve(this.find(name));
    },
    resume: (name) => {
      if (this.find(name).state === 'paused') this.put({ ...this.find(name), state: 'running' });
      return Promise.resolve(this.find(name));
    },
    suspend: (name) => {
      const suspended = { atMs: 0, memoryBytes: 1024 };
      const succeed = (): void => {
        this.put({ ...this.find(name), state: 'suspended', suspended });
      };
      return Promise.resolve(
        this.#source.begin({ kind: 'suspend', subject: name, what: name, succeed }),
      );
    },
    stop: (name) => {
      this.put({ ...this.find(name), state: 'stopped' });
      const reason = new AppError('sandbox/not-running', `"${name}" has stopped.`);
      this.#directory.dropSandbox(this.find(name).id, reason);
      return Promise.resolve(this.find(name));
    },
    restart: async (name) => {
      await this.engine.stop(name);
      return this.engine.start(name);
    },
    remove: (name, options) => {
      if (this.find(name).state === 'running' && options?.force !== true) {
        return Promise.reject(new AppError('sandbox/running', `"${name}" is running.`));
      }
      this.#drop(name);
      return Promise.resolve();
    },
    exec: ({ name, command, env, workdir, user, tty }) => {
      const sandbox = this.find(name);
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
    sessions: (name) => this.#directory.list(this.find(name).id),
    boots: (name) => this.#source.boots(name),
  };
  /** What the engine offers its clients of their sessions. */
  readonly sessions: Engine['sessions'] = {
    inspect: (sessionId) => this.#directory.inspect(sessionId),
    activity: (sessionId) => this.#directory.activity(sessionId),
    close: (sessionId) =>
      Promise.resolve().then(() => {
        this.#directory.close(sessionId);
      }),
    attach: (sessionId, sink) => this.#directory.attach(sessionId, sink),
  };

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

  /** @throws AppError `sandbox/not-found` */
  find(name: string): Sandbox {
    const sandbox = this.#sandboxes.get(name);
    if (sandbox === undefined) {
      throw new AppError('sandbox/not-found', `There is no sandbox called "${name}".`);
    }
    return sandbox;
  }

  put(sandbox: Sandbox): void {
    this.#sandboxes.set(sandbox.name, sandbox);
    this.#source.emit({ type: 'sandbox', sandbox });
  }

  /** Looks at a configuration as the real engine does; `own` is the name that it has already. */
  build(input: unknown, own?: string): Promise<BuiltConfig> {
    return buildConfig(input, {
      isImageStored: (reference) => Promise.resolve(this.#source.hasImage(reference)),
      isNameTaken: (name) => name !== own && this.#sandboxes.has(name),
      findShareSupport: () =>
        Promise.resolve({
          transport: 'virtiofs',
          files: true,
          evidence: 'The fake shares nothing.',
        }),
    });
  }

  #startSession(sandbox: string, process: FakeProcess, shell?: Session['shell']): Promise<Session> {
    const { id, state } = this.find(sandbox);
    if (state !== 'running') {
      return Promise.reject(new AppError('sandbox/not-running', `"${sandbox}" is ${state}.`));
    }
    return new Promise((resolve) => {
      this.#lastStream += 1;
      const session = new FakeSession(this.#lastStream, process);
      const run = { id, name: sandbox, startedAtMs: 0 };
      const info = this.#directory.add(run, session, { size: process.tty, shell });
      this.#processes.set(info.id, session);
      resolve(info);
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
      id: this.#source.nextId('sandbox'),
      name: config.name,
      state: 'creating',
      config,
      ...(root !== undefined && { root }),
      ...(isImage && { imageDigest: digestOf(config.image) }),
      createdAtMs: 0,
      network: 'none',
    };
    if (old === undefined) this.put(sandbox);
    return this.#source.begin({
      kind: 'create',
      subject: config.name,
      what: config.image,
      failure: isImage ? this.#failureOfImage(config) : undefined,
      succeed: () => {
        if (old !== undefined) this.#drop(config.name);
        if (isImage) this.#source.addImage(config.image);
        this.#source.ensureVolumes(config);
        this.put({ ...sandbox, state: 'running', startedAtMs: 0, bootMs: 700 });
      },
      undo: () => {
        if (old === undefined) this.#drop(config.name);
      },
    });
  }

  #failureOfImage({ image, pullPolicy }: SandboxConfig): AppError | undefined {
    if (image === 'missing') return imageNotFound(image);
    if (pullPolicy === 'never' && !this.#source.hasImage(image)) {
      return imageNotStored(image);
    }
    return undefined;
  }

  #drop(name: string): void {
    const sandbox = this.#sandboxes.get(name);
    if (sandbox === undefined) return;
    this.#sandboxes.delete(name);
    this.#directory.forgetSandbox(sandbox.id);
    this.#source.emit({ type: 'sandbox-removed', id: sandbox.id, name });
  }

  #freeName(): string {
    for (let number = 1; ; number += 1) {
      const name = `sandbox-${String(number)}`;
      if (!this.#sandboxes.has(name)) return name;
    }
  }
}
