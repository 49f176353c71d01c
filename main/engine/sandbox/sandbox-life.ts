/** One sandbox from its creation to its removal: its state, its machine and its record. */
import type { RootFacts } from '../../contract/config/config-report.ts';
import type { ErrorData } from '../../contract/error.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox, SandboxState } from '../../contract/sandbox.ts';
import { AppError, toErrorData } from '../base/app-error.ts';
import { Limiter } from '../base/limiter.ts';
import type { TemporaryRule } from '../../contract/network.ts';
import type { Agent } from '../agent/agent.ts';
import { BootRecorder } from '../live/boots/boot-steps.ts';
import type { Gateways } from '../net/gateway/gateways.ts';
import type { VmExit } from '../vm/driver.ts';
import { bootSandbox, runtimeDirOf, type BootTools } from './boot-sandbox.ts';
import type { DiskReader } from './commit-sandbox.ts';
import { bootForMaintenance } from './maintenance-boot.ts';
import type { OperationProgress } from './operation-tracker.ts';
import { readConsoleTail, RunningMachine } from './running-machine.ts';
import { SandboxNetwork } from './network/sandbox-network.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import { recordedAgent, SandboxRecorder, type RecorderTools } from './sandbox-recorder.ts';
import type { SandboxRecords } from './sandbox-records.ts';
import type { SandboxRun, SessionDirectory } from './session/session-directory.ts';

/** What a sandbox's life needs of the engine. */
export interface LifeTools extends BootTools {
  readonly recording: RecorderTools;
  readonly records: SandboxRecords;
  readonly sessions: SessionDirectory;
  readonly gateways: Gateways;
  readonly onSandbox: (sandbox: Sandbox) => void;
  /** @throws AppError `root/in-use` where another sandbox has the disk of this one */
  readonly checkDiskIsFree: (life: SandboxLife) => Promise<void>;
}

/** How long a guest may take to end that nobody waits for. */
const cutOffGraceMs = 10_000;

/** See the head of this file. */
export class SandboxLife {
  readonly id: string;
  readonly createdAtMs: number;
  /** The create, start or restart that is under way. */
  operationId: string | undefined;
  readonly network: SandboxNetwork;
  readonly recorder: SandboxRecorder;
  /** For changes of the network, each of which begins with what the one before has left. */
  readonly networkTurns = new Limiter(1);
  /** There from the moment the image is known. */
  record: SandboxRecord | undefined;
  readonly #tools: LifeTools;
  /** Until there is a record. */
  readonly #wanted: SandboxConfig;
  #saving: Promise<void> = Promise.resolve();
  #state: SandboxState;
  #machine: RunningMachine | undefined;
  #ending: Promise<void> | undefined;
  /** Settles when the end of the machine was dealt with. */
  #settled: Promise<void> = Promise.resolve();
  #lastError: ErrorData | undefined;

  constructor(
    base: Pick<SandboxLife, 'id' | 'config' | 'createdAtMs'>,
    state: SandboxState,
    tools: LifeTools,
  ) {
    this.id = base.id;
    this.#wanted = base.config;
    this.createdAtMs = base.createdAtMs;
    this.#state = state;
    this.#tools = tools;
    this.recorder = new SandboxRecorder(base.id, tools.records.files(base.id), tools.recording);
    this.network = new SandboxNetwork({
      id: base.id,
      name: () => this.config.name,
      config: () => this.config.network,
      logFile: tools.records.files(base.id).networkLog,
      gateways: tools.gateways,
      logger: tools.logger,
      onChange: () => {
        if (this.#machine !== undefined) this.announce();
      },
      saveTemporary: (temporaryRules) => this.#saveTemporary(temporaryRules),
    });
  }

  get config(): SandboxConfig {
    return this.record?.config ?? this.#wanted;
  }

  get state(): SandboxState {
    return this.#state;
  }

  get isIdle(): boolean {
    return this.#state === 'stopped' || this.#state === 'crashed';
  }

  /** @throws AppError `sandbox/not-running`, `agent/disconnected` */
  get machine(): RunningMachine {
    if (this.#state !== 'running' || this.#machine === undefined) {
      throw new AppError('sandbox/not-running', `"${this.config.name}" is ${this.#state}.`);
    }
    return this.#machine;
  }

  /** The agent as clients see it: what runs without a terminal is recorded. @throws as {@link machine} */
  get agent(): Agent {
    return recordedAgent(this.recorder, this.machine.agent, this.run);
  }

  /** The present run, by which sessions are named. */
  get run(): SandboxRun {
    const startedAtMs = this.record?.run?.startedAtMs ?? this.createdAtMs;
    return { id: this.id, name: this.config.name, startedAtMs };
  }

  /** The client's view. */
  describe(): Sandbox {
    const run = this.#machine === undefined ? undefined : this.record?.run;
    const root = this.record?.root;
    return {
      id: this.id,
      name: this.config.name,
      state: this.#state,
      config: this.config,
      ...(root === undefined ? {} : { root: rootFacts(root) }),
      ...(root?.kind === 'image' ? { imageDigest: root.digest } : {}),
      createdAtMs: this.createdAtMs,
      ...describeRun(run),
      ...(this.#machine === undefined ? {} : { vmPid: this.#machine.vm.pid }),
      network: this.network.link,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** Takes up what an earlier host process left, running or not. */
  static async restore(record: SandboxRecord, tools: LifeTools): Promise<SandboxLife> {
    const life = new SandboxLife(record, 'stopped', tools);
    life.record = record;
    life.#lastError = record.lastError;
    let machine = await life.#find();
    if (machine !== undefined && record.phase === 'ready' && record.run === undefined) {
      // It was booted for work that has ended with the host process, or its start was cut off.
      await machine.stop(cutOffGraceMs);
      machine = undefined;
    }
    await Promise.all([life.network.load(), life.recorder.load()]);
    if (machine !== undefined) {
      life.#state = 'running';
      await life.network.takeUp(machine.vm, record.run?.temporaryRules ?? []);
      life.#watch(machine);
      tools.sessions.adopt(life.run, life.agent, life.config.shell);
    } else if (record.run !== undefined) {
      life.recorder.runs.allFailed('The sandbox ended while nobody looked after it.');
      await life.#saveStopped(life.#lastError);
    }
    return life;
  }

  /** Boots a prepared sandbox; a failure leaves it stopped, with the error. */
  async start(record: SandboxRecord, progress: OperationProgress): Promise<void> {
    this.#setState('starting');
    try {
      await this.boot(record, progress);
    } catch (error) {
      if (!progress.signal.aborted) this.#lastError = toErrorData(error);
      this.#setState('stopped');
      throw error;
    }
  }

  /** Boots and writes the record; a failure leaves no machine. */
  async boot(record: SandboxRecord, progress: OperationProgress): Promise<void> {
    const startedAtMs = Date.now();
    const steps = new BootRecorder(startedAtMs);
    try {
      await this.#boot(record, progress, startedAtMs, steps);
      this.recorder.boots.add(steps.finish());
    } catch (error) {
      this.recorder.boots.add(steps.finish(toErrorData(error).message));
      throw error;
    }
  }

  async #boot(
    record: SandboxRecord,
    progress: OperationProgress,
    startedAtMs: number,
    steps: BootRecorder,
  ): Promise<void> {
    const files = this.#tools.records.files(record.id);
    await steps.measure('config', 'Check that the disk is free', () =>
      this.#tools.checkDiskIsFree(this),
    );
    const booted = await bootSandbox(record, files, this.#tools, progress, {
      openNetwork: (vm) => this.network.open(vm),
      onConsole: this.recorder.onConsole,
      steps,
    }).catch(async (error: unknown) => {
      await this.network.close();
      throw error;
    });
    const { machine, ...how } = booted;
    try {
      const temporaryRules = this.network.temporary();
      const run = {
        ...{ startedAtMs, bootMs: Date.now() - startedAtMs, ...how },
        ...(temporaryRules.length === 0 ? {} : { temporaryRules }),
      };
      // Its network may have been changed while it booted.
      const { lastError: _ended, ...rest } = this.record ?? record;
      await steps.measure('record', 'Write the record', () =>
        this.#save({ ...rest, phase: 'ready', isPatched: true, run }),
      );
    } catch (error) {
      await machine.stop(0);
      await this.network.close();
      throw error;
    }
    this.#lastError = undefined;
    this.#watch(machine);
    this.#setState('running');
  }

  /**
   * The guest that can read the disk: the one that runs, or one that is booted for it, which the
   * caller ends.
   * @throws AppError `sandbox/…`, `agent/…`, `vm/…`, `operation/cancelled`
   */
  async openDiskReader(record: SandboxRecord, progress: OperationProgress): Promise<DiskReader> {
    if (!this.isIdle) return { agent: this.machine.agent };
    return bootForMaintenance(record, this.#tools.records.files(this.id), this.#tools, progress);
  }

  /** Takes another configuration; what a machine was started with stays until it starts again. */
  async configure(config: SandboxConfig): Promise<void> {
    if (this.record === undefined) throw new Error('A sandbox without a record has no changes.');
    const { record: before } = this;
    const undo = await this.network.prepare(config.network);
    try {
      // A run may have begun or ended meanwhile.
      await this.#save({ ...this.record, config });
    } catch (error) {
      this.record = { ...this.record, config: before.config };
      await undo();
      throw error;
    }
    await this.network.apply();
    this.#tools.onSandbox(this.describe());
  }

  /** The sandbox is there again that another one was to take the place of. */
  announce(): void {
    this.#tools.onSandbox(this.describe());
  }

  /** Ends the machine, if there is one; callers at the same time share one end. */
  async end(graceMs: number): Promise<void> {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.#ending ??= (async () => {
      this.#setState('stopping');
      this.#tools.sessions.expectStop(this.id, this.#hasStopped());
      await machine.stop(graceMs);
      await this.#settled;
    })().finally(() => {
      this.#ending = undefined;
    });
    await this.#ending;
  }

  /** Lets go of the machine; it goes on running. */
  async release(): Promise<void> {
    await this.network.release();
    await this.#machine?.release();
    await this.recorder.release();
  }

  /** The machine that an earlier host process started; one that cannot be used is said to be. */
  async #find(): Promise<RunningMachine | undefined> {
    const files = this.#tools.records.files(this.id);
    try {
      return await RunningMachine.find(
        {
          id: this.id,
          runtimeDir: runtimeDirOf(this.#tools, this.id),
          consoleLogPath: files.consoleLog,
          monitorLogPath: files.monitorLog,
        },
        this.#tools,
        this.recorder.onConsole,
      );
    } catch (error) {
      this.#lastError = toErrorData(error);
      this.#state = 'crashed';
      return undefined;
    }
  }

  #setState(state: SandboxState): void {
    this.#state = state;
    this.#tools.onSandbox(this.describe());
  }

  /** Follows a machine until its end. */
  #watch(machine: RunningMachine): void {
    this.#machine = machine;
    this.recorder.began(this.run, machine, () => this.network.traffic());
    machine.onAgent = (agent) => {
      const recorded = recordedAgent(this.recorder, agent, this.run);
      this.#tools.sessions.adopt(this.run, recorded, this.config.shell);
    };
    machine.onAgentLost = (error) => {
      const lost = new AppError('agent/disconnected', `The guest agent was lost: ${error.message}`);
      this.#lastError = toErrorData(lost);
      this.#tools.sessions.dropSandbox(this.id, lost);
      this.#tools.onSandbox(this.describe());
    };
    this.#settled = machine.vm.exited.then((exit) => this.#onExit(exit));
  }

  async #onExit(exit: VmExit): Promise<void> {
    this.#machine = undefined;
    await this.network.close();
    const crashed = exit.reason === 'crash' && this.#state !== 'stopping';
    const error = crashed ? await this.#crashError(exit) : undefined;
    const reason = error ?? this.#hasStopped();
    this.#tools.sessions.dropSandbox(this.id, reason);
    await this.recorder.ended(reason.message);
    this.#lastError = error === undefined ? undefined : toErrorData(error);
    await this.#saveStopped(this.#lastError).catch((cause: unknown) => {
      // The state is right all the same; the next engine finds no machine and mends the record.
      this.#tools.logger.error('The record of a sandbox that ended could not be written.', {
        id: this.id,
        error: String(cause),
      });
    });
    this.#setState(crashed ? 'crashed' : 'stopped');
  }

  #hasStopped(): AppError {
    return new AppError('sandbox/not-running', `"${this.config.name}" has stopped.`);
  }

  async #crashError(exit: VmExit): Promise<AppError> {
    const console = await readConsoleTail(this.#tools.records.files(this.id).consoleLog);
    return new AppError('vm/crashed', `The machine of "${this.config.name}": ${exit.detail}`, {
      details: { console },
    });
  }

  async #saveTemporary(temporaryRules: TemporaryRule[]): Promise<void> {
    if (this.record?.run === undefined) return;
    await this.#save({ ...this.record, run: { ...this.record.run, temporaryRules } });
  }

  async #saveStopped(lastError: ErrorData | undefined): Promise<void> {
    if (this.record === undefined) return;
    const { run: _run, lastError: _previous, ...rest } = this.record;
    await this.#save(lastError === undefined ? rest : { ...rest, lastError });
  }

  /** One write at a time, each of the record as it is then. */
  async #save(record: SandboxRecord): Promise<void> {
    this.record = record;
    const saving = this.#saving.then(() => this.#tools.records.save(this.record ?? record));
    this.#saving = saving.catch(() => undefined);
    await saving;
  }
}

function describeRun(run: SandboxRecord['run']) {
  if (run === undefined) return {};
  const { temporaryRules: _rules, ...facts } = run;
  return facts;
}

function rootFacts(root: RootRecord): RootFacts {
  switch (root.kind) {
    case 'image':
      return { kind: 'image', reference: root.reference, isStored: true };
    case 'directory':
      return { kind: 'directory', path: root.path };
    case 'disk': {
      const { path, format, virtualBytes, backing, otherFiles } = root;
      const backingFiles = [...backing.map((file) => file.path), ...otherFiles];
      return { kind: 'disk', path, format, virtualBytes, backingFiles };
    }
  }
}
