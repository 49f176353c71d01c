/**
 * An engine in memory, for tests of what stands on the engine. Machines are records, sessions are
 * those of fake-session.ts. Images: `missing` cannot be pulled, `endless` pulls until cancelled.
 */
import { sandboxConfigSchema } from '../../contract/sandbox-config.ts';
import type { EngineEvent } from '../../contract/event.ts';
import type { HostReport } from '../../contract/host.ts';
import type { Image } from '../../contract/image.ts';
import type { Operation, Stage } from '../../contract/operation.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { AppError, cancelledError, toErrorData } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { Engine } from '../engine.ts';
import { FakeSession, type FakeProcess } from './fake-session.ts';

const digest = `sha256:${'a1'.repeat(32)}`;

/** See the head of this file. */
export class FakeEngine implements Engine {
  readonly stateDir: string;
  readonly #events = new Emitter<EngineEvent>();
  readonly #images = new Map<string, Image>();
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #operations = new Map<string, Operation>();
  readonly #ended = new Map<string, PromiseWithResolvers<Operation>>();
  readonly #sessions = new Map<string, FakeSession>();
  #count = 0;
  /** How many subscriptions are open. */
  subscriptions = 0;
  isClosed = false;

  constructor(stateDir = '/nowhere') {
    this.stateDir = stateDir;
    this.#addImage('skerry/starter');
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.subscriptions += 1;
    listener({
      type: 'snapshot',
      sandboxes: this.sandboxes.list(),
      images: [...this.#images.values()],
      operations: [...this.#operations.values()],
    });
    const off = this.#events.on(listener);
    return () => {
      this.subscriptions -= 1;
      off();
    };
  }

  readonly host = {
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

  readonly images = {
    list: (): Promise<Image[]> => Promise.resolve([...this.#images.values()]),
    pull: (reference: string): Promise<Operation> =>
      Promise.resolve(
        this.#operate('pull', reference, () => {
          this.#addImage(reference);
        }),
      ),
  };

  readonly sandboxes: Engine['sandboxes'] = {
    list: () => [...this.#sandboxes.values()],
    inspect: (name) => this.#find(name),
    suggest: () => Promise.resolve({ name: this.#freeName(), image: 'skerry/starter' }),
    create: (input) => {
      const config = sandboxConfigSchema.parse(input);
      if (this.#sandboxes.has(config.name)) {
        throw new AppError('sandbox/name-taken', `There is a sandbox called "${config.name}".`);
      }
      const id = this.#nextId('sandbox');
      this.#put({
        id,
        name: config.name,
        state: 'creating',
        config,
        imageDigest: digest,
        createdAtMs: 0,
        network: 'none',
      });
      const operation = this.#operate(
        'create',
        config.name,
        () => {
          this.#put({ ...this.#find(config.name), state: 'running', startedAtMs: 0, bootMs: 700 });
        },
        () => {
          this.#drop(config.name);
        },
        config.image,
      );
      return Promise.resolve(operation);
    },
    start: (name) => {
      const sandbox = this.#find(name);
      if (sandbox.state === 'running') {
        const subject = { kind: 'start', subject: name } as const;
        const id = this.#nextId('done');
        const state = 'succeeded';
        return Promise.resolve({ ...subject, id, state, stages: [], startedAtMs: 0, endedAtMs: 0 });
      }
      const run = (): void => {
        this.#put({ ...sandbox, state: 'running' });
      };
      return Promise.resolve(this.#operate('start', name, run));
    },
    stop: (name) => {
      this.#put({ ...this.#find(name), state: 'stopped' });
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
        user: user ?? 'root',
        tty,
      });
    },
    shell: ({ name, script, tty }) => {
      const command = script === undefined ? ['cat'] : script.split(' ');
      return this.#startSession(name, { command, env: {}, workdir: '/', user: 'root', tty });
    },
    sessions: (name) =>
      [...this.#sessions.values()].map(({ info }) => info).filter((info) => info.sandbox === name),
  };

  readonly sessions: Engine['sessions'] = {
    attach: (sessionId, sink) => {
      const session = this.#sessions.get(sessionId);
      if (session === undefined) {
        throw new AppError('session/not-found', `There is no session "${sessionId}".`);
      }
      return session.attach(sink);
    },
  };

  readonly operations: Engine['operations'] = {
    get: (id) => {
      const operation = this.#operations.get(id);
      if (operation === undefined) {
        throw new AppError('operation/not-found', `There is no operation "${id}".`);
      }
      return operation;
    },
    cancel: async (id) => {
      const operation = this.operations.get(id);
      if (operation.state !== 'running') return;
      this.#drop(operation.subject);
      const error = toErrorData(cancelledError(operation.subject));
      this.#endOperation({ ...operation, state: 'cancelled', error });
      await this.operations.wait(id);
    },
    wait: (id) => {
      const operation = this.operations.get(id);
      if (operation.state !== 'running') return Promise.resolve(operation);
      const ended = this.#ended.get(id) ?? Promise.withResolvers<Operation>();
      this.#ended.set(id, ended);
      return ended.promise;
    },
  };

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Sends an event as the engine would. */
  emit(event: EngineEvent): void {
    this.#events.emit(event);
  }

  /** The session of a client under test. */
  session(id: string): FakeSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Error(`The fake has no session ${id}.`);
    return session;
  }

  #startSession(sandbox: string, process: FakeProcess): Promise<FakeSession['info']> {
    const { state } = this.#find(sandbox);
    if (state !== 'running') {
      return Promise.reject(new AppError('sandbox/not-running', `"${sandbox}" is ${state}.`));
    }
    return new Promise((resolve) => {
      const session = new FakeSession(this.#nextId('session'), sandbox, process);
      this.#sessions.set(session.info.id, session);
      resolve(session.info);
    });
  }

  #operate(
    kind: Operation['kind'],
    subject: string,
    succeed: () => void,
    undo: () => void = () => undefined,
    image = subject,
  ): Operation {
    const stage: Stage = { key: 'resolve', label: `Resolve ${image}`, state: 'active' };
    const operation: Operation = {
      id: this.#nextId('operation'),
      kind,
      subject,
      state: 'running',
      stages: [stage],
      startedAtMs: 0,
    };
    this.#operations.set(operation.id, operation);
    this.emit({ type: 'operation', operation });
    if (image !== 'endless') {
      setImmediate(() => {
        if (this.operations.get(operation.id).state !== 'running') return;
        if (image === 'missing') {
          undo();
          const error = new AppError('image/not-found', `There is no image "${image}".`);
          this.#endOperation({ ...operation, state: 'failed', error: toErrorData(error) });
          return;
        }
        succeed();
        const stages: Stage[] = [{ ...stage, state: 'done' }];
        this.#endOperation({ ...operation, state: 'succeeded', stages });
      });
    }
    return operation;
  }

  #endOperation(operation: Operation): void {
    const ended = { ...operation, endedAtMs: 1 };
    this.#operations.set(operation.id, ended);
    this.emit({ type: 'operation', operation: ended });
    this.#ended.get(operation.id)?.resolve(ended);
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
    this.emit({ type: 'sandbox-removed', id: sandbox.id, name });
  }

  #addImage(reference: string): void {
    this.#images.set(reference, {
      reference,
      digest,
      platform: 'linux/amd64',
      downloadBytes: 1024 * 1024,
      diskBytes: 2 * 1024 * 1024,
      layers: [],
      pulledAtMs: 0,
    });
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
