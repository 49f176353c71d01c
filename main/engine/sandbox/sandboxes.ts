/** The sandboxes of a state directory by name: what may be asked of them, and when. */
import type { ConfigChange } from '../../contract/config/config-changes.ts';
import type { NetworkConfig } from '../../contract/config/network.ts';
import type { CommandRun } from '../../contract/commands.ts';
import type { Operation } from '../../contract/operation.ts';
import type { CreateRequest, SandboxConfigInput } from '../../contract/sandbox-config.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { ExecRequest, Session, ShellRequest } from '../../contract/session.ts';
import type { Agent, AgentSession, GuestListener, GuestProcess } from '../agent/agent.ts';
import { AppError } from '../base/app-error.ts';
import type { BuiltConfig } from '../config/build-config.ts';
import { bootStages } from './boot-sandbox.ts';
import {
  checkCommitReference,
  commitDisk,
  commitStages,
  committableRoot,
  type CommitRequest,
  type CommitStore,
} from './commit-sandbox.ts';
import { planConfigChange } from './configure-sandbox.ts';
import type { CreateTools } from './create-sandbox.ts';
import { checkDiskIsFree, type DiskUser } from './disk-users.ts';
import { planExec, type CommandContext } from './session/guest-environment.ts';
import type { OperationProgress, OperationTracker, PlannedStage } from './operation-tracker.ts';
import { planCommand, type CommandRequest } from './session/plan-command.ts';
import { createSandbox, duplicateSandbox, type SandboxRegistry } from './sandbox-creation.ts';
import {
  goOnWithSandbox,
  pauseSandbox,
  resumeSandbox,
  suspendSandbox,
  type Operate,
} from './power/power-calls.ts';
import { checkNetwork } from './network/check-network.ts';
import type { SandboxNetwork } from './network/sandbox-network.ts';
import { SandboxLife, type LifeTools } from './sandbox-life.ts';
import type { ImageDefaults } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxRecorder } from './sandbox-recorder.ts';
import type { UnreadableRecord } from './sandbox-records.ts';
import type { SandboxRun, SessionFacts } from './session/session-directory.ts';
import { startShell } from './session/start-shell.ts';

/** What the sandboxes of an engine are made with. */
export interface SandboxesTools extends Omit<LifeTools, 'checkDiskIsFree'>, CreateTools {
  readonly operations: OperationTracker;
  /** Looks at a configuration; the names that are taken are known here. */
  readonly buildConfig: (
    input: unknown,
    isNameTaken: (name: string) => boolean,
  ) => Promise<BuiltConfig>;
  /** Of Skerry, for programs that ask. */
  readonly version: string;
  /** Disks that rest on others besides those of sandboxes: those of snapshots. */
  readonly keptDisks?: () => readonly DiskUser[];
  readonly onRemoved: (sandbox: { readonly id: string; readonly name: string }) => void;
}

/** A sandbox that runs. */
export interface RunningSandbox {
  readonly agent: Agent;
  readonly run: SandboxRun;
  /** Whose its files are, unless someone says otherwise. */
  readonly user: string | undefined;
}

/** How long a guest may take to end by itself, unless the caller says otherwise. */
const defaultGraceMs = 10_000;
const stopStage: PlannedStage = { key: 'stop', label: 'Stop' };
/** What a root without a configuration of its own gives to commands. */
const noDefaults: ImageDefaults = { env: [], entrypoint: [], cmd: [] };

/** See the head of this file. */
export class Sandboxes {
  /** What sandboxes are made with. */
  readonly tools: SandboxesTools & LifeTools;
  readonly #lives = new Map<string, SandboxLife>();
  /** For work that is on several sandboxes at once, or makes some. */
  readonly registry: SandboxRegistry;
  /** Folders whose records could not be read when the engine opened; they are left alone. */
  unreadable: readonly UnreadableRecord[] = [];

  constructor(tools: SandboxesTools) {
    this.tools = {
      ...tools,
      checkDiskIsFree: (life) => {
        const others = [...this.#lives.values()].filter((other) => other !== life);
        const kept = tools.keptDisks?.() ?? [];
        return checkDiskIsFree(diskUser(life), [...others.map(diskUser), ...kept]);
      },
    };
    this.registry = {
      get: (name) => this.#lives.get(name),
      all: () => [...this.#lives.values()],
      put: (life) => {
        this.#lives.set(life.config.name, life);
        life.announce();
      },
      forget: (life) => this.#forget(life),
      operate: (life, kind, stages, work) => this.#operate(life, kind, stages, work),
    };
  }

  /** Reads the records and finds the machines that an earlier host process left running. */
  async restore(): Promise<void> {
    const { records, unreadable } = await this.tools.records.load();
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

  /** Looks at a configuration and makes nothing of it. */
  build(input: unknown): Promise<BuiltConfig> {
    return this.tools.buildConfig(input, (name) => this.#lives.has(name));
  }

  async create(request: CreateRequest): Promise<Operation> {
    return createSandbox(await this.build(request), this.registry, this.tools);
  }

  duplicate(name: string, as: string, withDisk: boolean): Operation {
    return duplicateSandbox(this.#life(name), as, withDisk, this.registry, this.tools);
  }

  /**
   * Changes the configuration.
   * @throws AppError `config/needs-new-sandbox`, `sandbox/busy`, and what {@link create} refuses
   */
  async configure(
    name: string,
    input: SandboxConfigInput,
  ): Promise<{ sandbox: Sandbox; changes: ConfigChange[] }> {
    const life = this.#life(name);
    const built = await this.tools.buildConfig(
      input,
      (other) => other !== name && this.#lives.has(other),
    );
    const { config, changes } = planConfigChange(life.config, built);
    if (life.operationId !== undefined || life.record === undefined) {
      throw new AppError('sandbox/busy', `"${name}" is ${life.state}.`);
    }
    if (changes.length > 0) await life.configure(config);
    return { sandbox: life.describe(), changes };
  }

  /** @param fromDisk what was in the memory of a suspended one is lost */
  start(name: string, { fromDisk = false }: { readonly fromDisk?: boolean } = {}): Operation {
    const life = this.#life(name);
    this.#checkNotAtOtherWork(life);
    if (life.operationId !== undefined) return this.tools.operations.get(life.operationId);
    if (life.state === 'running') return this.tools.operations.alreadyDone('start', name);
    if (life.state === 'suspended' && !fromDisk) return goOnWithSandbox(life, this.#operateOn);
    if (life.state !== 'suspended') idleRecord(life);
    return this.#operate(life, 'start', bootStages, async (progress) => {
      await life.discardMemory();
      await life.start(idleRecord(life), progress);
    });
  }

  async pause(name: string): Promise<Sandbox> {
    return pauseSandbox(this.#life(name));
  }

  async resume(name: string): Promise<Sandbox> {
    return resumeSandbox(this.#life(name));
  }

  suspend(name: string): Operation {
    const done = (): Operation => this.tools.operations.alreadyDone('suspend', name);
    return suspendSandbox(this.#life(name), this.#operateOn, done);
  }

  restart(name: string): Operation {
    const life = this.#life(name);
    if (life.state !== 'running' && life.state !== 'paused') {
      return this.start(name, { fromDisk: true });
    }
    this.#checkNotAtOtherWork(life);
    return this.#operate(life, 'restart', [stopStage, ...bootStages], async (progress) => {
      progress.begin(stopStage.key);
      await life.end(defaultGraceMs);
      progress.finish(stopStage.key);
      await life.start(idleRecord(life), progress);
    });
  }

  /**
   * Makes an image of what the sandbox's disk has above its own; one that is stopped stays so.
   * @throws AppError `sandbox/busy`, `image/nothing-to-commit`, `image/reference-invalid`
   */
  commit(request: CommitRequest, store: CommitStore): Operation {
    const life = this.#life(request.sandbox);
    checkCommitReference(request.reference);
    const { record } = life;
    if (record === undefined || life.operationId !== undefined) throw busy(life);
    committableRoot(record);
    const isRunning = life.state === 'running';
    if (!isRunning && !life.isIdle) throw notForState(life);
    return this.#operate(life, 'commit', commitStages(isRunning), (progress) =>
      commitDisk(request, record, () => life.openDiskReader(record, progress), store, progress),
    );
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
    await life.discardMemory();
    return life.describe();
  }

  async remove(name: string, force = false): Promise<void> {
    const life = this.#life(name);
    if (!life.isIdle && life.state !== 'suspended' && !force) {
      throw new AppError('sandbox/running', `"${name}" is ${life.state}.`);
    }
    await this.#cancelOperation(life);
    await life.end(0);
    // A creation that was cancelled has removed itself.
    if (this.#lives.get(name) === life) await this.#forget(life);
  }

  exec(request: ExecRequest): Promise<Session> {
    return this.#run(request.name, request.tty, async (agent, context) => ({
      session: await agent.exec(planExec(request, context)),
    }));
  }

  shell(request: ShellRequest): Promise<Session> {
    return this.#run(request.name, request.tty, (agent, context) =>
      startShell(agent, request, context),
    );
  }

  sessions(name: string): Session[] {
    return this.tools.sessions.list(this.#life(name).id);
  }

  /** What runs now. @throws AppError `sandbox/not-found`, `sandbox/not-running`, `agent/…` */
  running(name: string): RunningSandbox {
    const { machine, run, record, config } = this.#life(name);
    const image = record?.root.kind === 'image' ? record.root.defaults : noDefaults;
    return { agent: machine.agent, run, user: config.user ?? image.user };
  }

  /** @throws AppError `sandbox/not-found` */
  network(name: string): SandboxNetwork {
    return this.#life(name).network;
  }

  /**
   * Changes of one sandbox's network are made one after the other, each of what it is then.
   * @throws AppError `sandbox/busy`, `config/invalid`, `network/…`
   */
  async changeNetwork(
    name: string,
    alter: (network: NetworkConfig) => NetworkConfig,
  ): Promise<void> {
    const life = this.#life(name);
    if (life.record === undefined || life.state === 'creating') {
      throw new AppError('sandbox/busy', `"${name}" is ${life.state}.`);
    }
    await life.networkTurns.run(async () => {
      const network = checkNetwork(alter(life.config.network));
      await life.configure({ ...life.config, network });
    });
  }

  /** @throws AppError `sandbox/not-running`, `agent/…` */
  async listeners(name: string): Promise<readonly GuestListener[]> {
    return this.#life(name).machine.agent.listeners();
  }

  /** What is recorded of a sandbox. @throws AppError `sandbox/not-found` */
  recorder(name: string): SandboxRecorder {
    return this.#life(name).recorder;
  }

  /** @throws AppError `sandbox/not-running`, `command/invalid`, `agent/…` */
  async runCommand(request: CommandRequest): Promise<CommandRun> {
    const life = this.#life(request.name);
    const { agent } = life.machine;
    const exec = planCommand(request, this.#commandContext(life));
    const { line, script } = request;
    const about = {
      ...(line === undefined ? {} : { line }),
      ...(script === undefined ? {} : { script }),
    };
    return life.recorder.commands.run(agent, life.run.startedAtMs, exec, about);
  }

  /** @throws AppError `sandbox/not-running`, `agent/…` */
  async processes(name: string): Promise<readonly GuestProcess[]> {
    return this.#life(name).machine.agent.processes();
  }

  /** Minutes that it may have nothing to do; undefined: as long as it is as it is now. */
  idleLimitMinutes(name: string): number | undefined {
    const life = this.#lives.get(name);
    if (life?.state !== 'running' || life.operationId !== undefined) return undefined;
    return life.config.suspendAfterIdleMinutes;
  }

  /** Names of the sandboxes that mount a named volume. */
  usersOfVolume(volume: string): string[] {
    return [...this.#lives.values()]
      .filter(({ config }) => Object.values(config.volumes).some(({ named }) => named === volume))
      .map(({ config }) => config.name)
      .sort();
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
    const { operations } = this.tools;
    const operation = operations.start(kind, life.config.name, stages, async (progress) => {
      try {
        await work(progress);
      } finally {
        // It may have been let go before the end, and be at other work by now.
        if (life.operationId === operation.id) life.operationId = undefined;
      }
    });
    life.operationId = operation.id;
    return operation;
  }

  readonly #operateOn: Operate = (...args) => this.#operate(...args);

  /** @throws AppError `sandbox/busy` */
  #checkNotAtOtherWork(life: SandboxLife): void {
    if (life.operationId === undefined) return;
    const { kind } = this.tools.operations.get(life.operationId);
    // Those lead to where a start leads, or are told what they wait for.
    if (kind === 'create' || kind === 'start' || kind === 'restart') return;
    throw new AppError('sandbox/busy', `"${life.config.name}" is at work: ${kind}.`);
  }

  async #cancelOperation(life: SandboxLife): Promise<void> {
    if (life.operationId !== undefined) await this.tools.operations.cancel(life.operationId);
  }

  /** One that another took the place of goes without its name. */
  async #forget(life: SandboxLife): Promise<void> {
    life.network.forget();
    this.tools.sessions.forgetSandbox(life.id);
    await life.recorder.forget();
    await this.tools.records.remove(life.id);
    const { id, config } = life;
    if (this.#lives.get(config.name) === life) this.#lives.delete(config.name);
    this.tools.onRemoved({ id, name: config.name });
  }

  async #run(
    name: string,
    size: SessionFacts['size'],
    start: (
      agent: Agent,
      context: CommandContext,
    ) => Promise<SessionFacts & { readonly session: AgentSession }>,
  ): Promise<Session> {
    const life = this.#life(name);
    const { session, shell } = await start(life.agent, this.#commandContext(life));
    return this.tools.sessions.add(life.run, session, { size, shell });
  }

  #commandContext({ config, record }: SandboxLife): CommandContext {
    if (record === undefined) throw new Error('A running sandbox has a record.');
    const { root } = record;
    const image = root.kind === 'image' ? root.defaults : noDefaults;
    return { config, image, version: this.tools.version };
  }

  async #restoreOne(record: SandboxRecord): Promise<void> {
    const life = await SandboxLife.restore(record, this.tools);
    if (record.phase === 'creating') {
      await life.end(0);
      await life.recorder.forget();
      await this.tools.records.remove(record.id);
      return;
    }
    this.#lives.set(record.config.name, life);
  }
}

function busy(life: SandboxLife): AppError {
  const state = life.operationId === undefined ? life.state : 'at work';
  return new AppError('sandbox/busy', `"${life.config.name}" is ${state}.`);
}

/** What cannot be done now, for a sandbox that could do it in another state. */
function notForState(life: SandboxLife): AppError {
  const { state } = life;
  if (state !== 'paused' && state !== 'suspended') return busy(life);
  return new AppError(`sandbox/${state}`, `"${life.config.name}" is ${state}.`);
}

/** @throws AppError `sandbox/busy`, `sandbox/paused` */
function idleRecord(life: SandboxLife): SandboxRecord {
  if (life.isIdle && life.record !== undefined) return life.record;
  if (life.state === 'paused') throw notForState(life);
  throw new AppError('sandbox/busy', `"${life.config.name}" is ${life.state}.`);
}

function diskUser(life: SandboxLife): DiskUser {
  return { name: life.config.name, root: life.record?.root, isAlive: !life.isIdle };
}
