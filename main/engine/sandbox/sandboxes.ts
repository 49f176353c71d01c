/** The sandboxes of a state directory by name: what may be asked of them, and when. */
import { randomBytes } from 'node:crypto';
import type { Operation } from '../../contract/operation.ts';
import type { SandboxConfigInput } from '../../contract/sandbox-config.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { ExecRequest, Session, ShellRequest } from '../../contract/session.ts';
import type { AgentExec } from '../agent/agent.ts';
import { AppError } from '../base/app-error.ts';
import { checkConfig } from '../config/check-config.ts';
import { bootStages } from './boot-sandbox.ts';
import { createStages, prepareSandbox, type CreateTools } from './create-sandbox.ts';
import { planExec, planShell, type CommandContext } from './guest-environment.ts';
import type { OperationProgress, OperationTracker, PlannedStage } from './operation-tracker.ts';
import { SandboxLife, type LifeTools } from './sandbox-life.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { UnreadableRecord } from './sandbox-records.ts';

/** What the sandboxes of an engine are made with. */
export interface SandboxesTools extends LifeTools, CreateTools {
  readonly operations: OperationTracker;
  readonly onRemoved: (sandbox: { readonly id: string; readonly name: string }) => void;
}

/** How long a guest may take to end by itself, unless the caller says otherwise. */
const defaultGraceMs = 10_000;
const stopStage: PlannedStage = { key: 'stop', label: 'Stop' };

/** See the head of this file. */
export class Sandboxes {
  readonly #tools: SandboxesTools;
  readonly #lives = new Map<string, SandboxLife>();
  /** Folders whose records could not be read when the engine opened; they are left alone. */
  unreadable: readonly UnreadableRecord[] = [];

  constructor(tools: SandboxesTools) {
    this.#tools = tools;
  }

  /** Reads the records and finds the machines that an earlier host process left running. */
  async restore(): Promise<void> {
    const { records, unreadable } = await this.#tools.records.load();
    this.unreadable = unreadable;
    await Promise.all(records.map((record) => this.#restoreOne(record)));
  }

  list(): Sandbox[] {
    return [...this.#lives.values()]
      .sort((a, b) => a.createdAtMs - b.createdAtMs)
      .map((life) => life.describe());
  }

  /** @throws AppError `sandbox/not-found` */
  inspect(name: string): Sandbox {
    return this.#life(name).describe();
  }

  names(): ReadonlySet<string> {
    return new Set(this.#lives.keys());
  }

  create(input: SandboxConfigInput): Operation {
    const config = checkConfig(input);
    if (this.#lives.has(config.name)) {
      throw new AppError(
        'sandbox/name-taken',
        `There is a sandbox named "${config.name}" already.`,
      );
    }
    const id = randomBytes(5).toString('hex');
    const life = new SandboxLife({ id, config, createdAtMs: Date.now() }, 'creating', this.#tools);
    this.#lives.set(config.name, life);
    this.#tools.onSandbox(life.describe());
    return this.#operate(life, 'create', createStages(config.image), async (progress) => {
      try {
        life.record = await prepareSandbox(life, this.#tools, progress);
        await life.boot(life.record, progress);
      } catch (error) {
        await this.#forget(life);
        throw error;
      }
    });
  }

  start(name: string): Operation {
    const life = this.#life(name);
    if (life.operationId !== undefined) return this.#tools.operations.get(life.operationId);
    if (life.state === 'running') return this.#tools.operations.alreadyDone('start', name);
    const record = idleRecord(life);
    return this.#operate(life, 'start', bootStages, (progress) => life.start(record, progress));
  }

  restart(name: string): Operation {
    const life = this.#life(name);
    if (life.state !== 'running') return this.start(name);
    return this.#operate(life, 'restart', [stopStage, ...bootStages], async (progress) => {
      progress.begin(stopStage.key);
      await life.end(defaultGraceMs);
      progress.finish(stopStage.key);
      await life.start(idleRecord(life), progress);
    });
  }

  async stop(name: string, graceMs = defaultGraceMs): Promise<Sandbox> {
    const life = this.#life(name);
    if (life.state === 'creating') {
      throw new AppError('sandbox/busy', `"${name}" is being created.`, {
        hint: 'Wait until it runs, or cancel the creation.',
      });
    }
    await this.#cancelOperation(life);
    await life.end(graceMs);
    return life.describe();
  }

  async remove(name: string, force = false): Promise<void> {
    const life = this.#life(name);
    if (!life.isIdle && !force) {
      throw new AppError('sandbox/running', `"${name}" is ${life.state}.`);
    }
    await this.#cancelOperation(life);
    await life.end(0);
    // A creation that was cancelled has removed itself.
    if (this.#lives.get(name) === life) await this.#forget(life);
  }

  exec(request: ExecRequest): Promise<Session> {
    return this.#run(request.name, (context) => planExec(request, context));
  }

  shell(request: ShellRequest): Promise<Session> {
    return this.#run(request.name, (context) => planShell(request, context));
  }

  sessions(name: string): Session[] {
    return this.#tools.sessions.list(this.#life(name).id);
  }

  /** Lets go of every machine; they go on running. */
  async release(): Promise<void> {
    await Promise.all([...this.#lives.values()].map((life) => life.release()));
  }

  #life(name: string): SandboxLife {
    const life = this.#lives.get(name);
    if (life === undefined) {
      throw new AppError('sandbox/not-found', `There is no sandbox named "${name}".`);
    }
    return life;
  }

  #operate(
    life: SandboxLife,
    kind: Operation['kind'],
    stages: readonly PlannedStage[],
    work: (progress: OperationProgress) => Promise<void>,
  ): Operation {
    const { operations } = this.#tools;
    const operation = operations.start(kind, life.config.name, stages, async (progress) => {
      try {
        await work(progress);
      } finally {
        life.operationId = undefined;
      }
    });
    life.operationId = operation.id;
    return operation;
  }

  async #cancelOperation(life: SandboxLife): Promise<void> {
    if (life.operationId !== undefined) await this.#tools.operations.cancel(life.operationId);
  }

  async #forget(life: SandboxLife): Promise<void> {
    await this.#tools.records.remove(life.id);
    this.#lives.delete(life.config.name);
    this.#tools.onRemoved({ id: life.id, name: life.config.name });
  }

  async #run(name: string, plan: (context: CommandContext) => AgentExec): Promise<Session> {
    const life = this.#life(name);
    const { agent } = life.machine;
    if (life.record === undefined) throw new Error('A running sandbox has a record.');
    const image = life.record.image.defaults;
    const session = await agent.exec(plan({ config: life.config, image }));
    return this.#tools.sessions.add(life.run, session);
  }

  async #restoreOne(record: SandboxRecord): Promise<void> {
    const life = await SandboxLife.restore(record, this.#tools);
    if (record.phase === 'creating') {
      await life.end(0);
      await this.#tools.records.remove(record.id);
      return;
    }
    this.#lives.set(record.config.name, life);
  }
}

/** @throws AppError `sandbox/busy` */
function idleRecord(life: SandboxLife): SandboxRecord {
  if (!life.isIdle || life.record === undefined) {
    throw new AppError('sandbox/busy', `"${life.config.name}" is ${life.state}.`);
  }
  return life.record;
}
