/** One sandbox from its creation to its removal: its state, its machine and its record. */
import type { ErrorData } from '../../contract/error.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox, SandboxState } from '../../contract/sandbox.ts';
import { rm } from 'node:fs/promises';
import { AppError, toErrorData } from '../base/app-error.ts';
import { Limiter } from '../base/limiter.ts';
import type { TemporaryRule } from '../../contract/network.ts';
import type { Agent } from '../agent/agent.ts';
import { BootRecorder } from '../live/boots/boot-steps.ts';
import type { Gateways } from '../net/gateway/gateways.ts';
import type { VmExit } from '../vm/driver.ts';
import { bootSandbox, runtimeDirOf, type BootTools } from './boot-sandbox.ts';
import type { DiskReader } from './commit-sandbox.ts';
import { describeSandbox } from './describe-sandbox.ts';
import { bootForMaintenance } from './maintenance-boot.ts';
import { diskOf } from './disk-of-record.ts';
import { removeStrayFiles } from '../snapshot/chain-files.ts';
import type { OperationProgress } from './operation-tracker.ts';
import { goOnFrom } from './power/go-on.ts';
import { saveForSuspend } from './power/suspend.ts';
import { checkSuspendable } from './power/suspend-checks.ts';
import { hostnameOf } from './plan-boot.ts';
import { readConsoleTail, RunningMachine } from './running-machine.ts';
import { SandboxNetwork } from './network/sandbox-network.ts';
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
  /** For pausing and resuming, each of which begins with what the one before has left. */
  readonly #powerTurns = new Limiter(1);
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

  /** @throws AppError `sandbox/not-running`, `sandbox/paused`, `sandbox/suspended` */
  get machine(): RunningMachine {
    if (this.#state !== 'running' || this.#machine === undefined) {
      const code =
        this.#state === 'paused' || this.#state === 'suspended' ? this.#state : 'not-running';
      const state = this.#state === 'suspending' ? 'being suspended' : this.#state;
      throw new AppError(`sandbox/${code}`, `"${this.config.name}" is ${state}.`);
    }
    return this.#machine;
  }

  /** There is a machine, whether its processors stand still or not. */
  get isAlive(): boolean {
    return this.#machine !== undefined;
  }

  /** The machine, whether its processors stand still or not. @throws AppError `sandbox/not-running` */
  get anyMachine(): RunningMachine {
    if (this.#machine === undefined) throw this.#hasStopped();
    return this.#machine;
  }

  /** The agent as clients see it: what runs without a terminal is recorded. @throws as {@link machine} */
  get agent(): Agent {
    return this.#agentOf(this.machine);
  }

  /** The present run, by which sessions are named. */
  get run(): SandboxRun {
    const startedAtMs = this.record?.run?.startedAtMs ?? this.createdAtMs;
    return { id: this.id, name: this.config.name, startedAtMs };
  }

  /** The client's view. */
  describe(): Sandbox {
    return describeSandbox(this.record, {
      ...{ id: this.id, name: this.config.name, state: this.#state, config: this.config },
      ...{ createdAtMs: this.createdAtMs, network: this.network.link },
      ...(this.#machine === undefined ? {} : { vmPid: this.#machine.vm.pid }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    });
  }

  /** Takes up what an earlier host process left, running or not. */
  static async restore(record: SandboxRecord, tools: LifeTools): Promise<SandboxLife> {
    const life = new SandboxLife(record, 'stopped', tools);
    life.record = record;
    life.#lastError = record.lastError;
    if (record.suspended === undefined) await life.#restoreRun(record);
    else await life.#restoreSuspended();
    return life;
  }

  async #restoreRun(record: SandboxRecord): Promise<void> {
    const isPaused = record.run?.isPaused === true;
    let machine = await this.#find(isPaused);
    if (machine !== undefined && record.phase === 'ready' && record.run === undefined) {
      // It was booted for work that has ended with the host process, or its start was cut off.
      await machine.stop(cutOffGraceMs);
      machine = undefined;
    }
    // What is there without the record saying so was not saved to its end, or goes on already.
    const { suspendDir } = this.#tools.records.files(this.id);
    await rm(suspendDir, { recursive: true, force: true });
    await this.#removeStrayFiles();
    await Promise.all([this.network.load(), this.recorder.load()]);
    if (machine !== undefined) {
      this.#state = machine.vm.isPaused ? 'paused' : 'running';
      await this.network.takeUp(machine.vm, record.run?.temporaryRules ?? []);
      this.#watch(machine);
      if (this.#state === 'running') {
        if (isPaused) await this.#savePaused(false);
        this.#tools.sessions.adopt(this.run, this.agent, this.config.shell);
      }
    } else if (record.run !== undefined) {
      this.recorder.runs.allFailed('The sandbox ended while nobody looked after it.');
      await this.#saveStopped(this.#lastError);
    }
  }

  /** A machine that is still there was saved, has not run since, and is not to: it is ended. */
  async #restoreSuspended(): Promise<void> {
    this.#state = 'suspended';
    const { consoleLog, monitorLog } = this.#tools.records.files(this.id);
    const runtimeDir = runtimeDirOf(this.#tools, this.id);
    const place = {
      id: this.id,
      runtimeDir,
      consoleLogPath: consoleLog,
      monitorLogPath: monitorLog,
    };
    try {
      const left = await this.#tools.driver.reattach(place);
      await left?.kill();
    } catch (error) {
      this.#lastError = toErrorData(error);
    }
    await this.#removeStrayFiles();
    await Promise.all([this.network.load(), this.recorder.load()]);
  }

  /** What a change of the disk has left that was cut off. The record names all that a machine has. */
  async #removeStrayFiles(): Promise<void> {
    if (this.record?.phase !== 'ready') return;
    const { dir } = this.#tools.records.files(this.id);
    const disk = diskOf(this.record);
    // Of one that has none now: it may have had one with another configuration.
    if (disk !== undefined) await removeStrayFiles(dir, disk);
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
    const { machine, shape, ...how } = booted;
    try {
      if (record.isNewcomer === true) {
        await machine.agent.takeIdentity(hostnameOf(record.config), progress.signal);
      }
      const temporaryRules = this.network.temporary();
      const run = {
        ...{ startedAtMs, bootMs: Date.now() - startedAtMs, ...how, machine: shape },
        ...(temporaryRules.length === 0 ? {} : { temporaryRules }),
      };
      // Its network may have been changed while it booted.
      const { lastError: _ended, isNewcomer: _known, ...rest } = this.record ?? record;
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

  /** Of one that is paused: nothing. @throws AppError as {@link machine} */
  async pause(): Promise<void> {
    await this.#powerTurns.run(async () => {
      if (this.#state === 'paused') return;
      const { machine } = this;
      await machine.pause();
      try {
        await this.#savePaused(true);
      } catch (error) {
        await machine.resume();
        throw error;
      }
      this.#tools.sessions.rest(this.id);
      if (this.#machine === machine) this.#setState('paused');
    });
  }

  /** Of one that runs: nothing. @throws AppError as {@link machine} */
  async resume(): Promise<void> {
    await this.#powerTurns.run(async () => {
      const machine = this.#state === 'paused' ? this.#machine : this.machine;
      if (machine === undefined || this.#state !== 'paused') return;
      // First the word, then the deed: who comes after lets a machine go on that stands still.
      await this.#savePaused(false);
      await machine.resume();
      this.#tools.sessions.wake(this.id);
      if (this.#machine === machine) this.#setState('running');
    });
  }

  /** @throws AppError `suspend/not-possible` where that is known before anything is done */
  checkSuspendable(): void {
    if (this.record !== undefined) checkSuspendable(this.record, this.#canSave);
  }

  /** Saves the memory and ends the machine; a failure leaves it as it was. */
  async suspend(progress: OperationProgress): Promise<void> {
    const { record } = this;
    const machine = this.#machine;
    const before = this.#state;
    if (record === undefined || machine === undefined) throw this.#hasStopped();
    const folder = this.#tools.records.files(this.id).suspendDir;
    this.#setState('suspending');
    this.#tools.sessions.rest(this.id);
    try {
      const run = { machine, record, folder, canSave: this.#canSave };
      await saveForSuspend(run, progress, (suspended) => this.#saveSuspended(suspended));
    } catch (error) {
      if (before === 'running') this.#tools.sessions.wake(this.id);
      // It may have ended meanwhile, which is told already.
      if (this.#machine === machine) this.#setState(before);
      throw error;
    }
    await machine.stop(0);
    await this.#settled;
    progress.finish('end');
  }

  /** Goes on where it was suspended; a failure leaves it suspended, as far as it can go on still. */
  async goOn(progress: OperationProgress): Promise<void> {
    this.#setState('starting');
    const beganAtMs = Date.now();
    const steps = new BootRecorder(beganAtMs);
    try {
      await this.#goOn(progress, beganAtMs, steps);
      this.recorder.boots.add(steps.finish());
    } catch (error) {
      this.recorder.boots.add(steps.finish(toErrorData(error).message));
      await this.network.close();
      const isKept = this.record?.suspended !== undefined;
      if (!progress.signal.aborted || !isKept) this.#lastError = toErrorData(error);
      if (!isKept) await this.#forgetRun(toErrorData(error).message);
      this.#setState(isKept ? 'suspended' : 'stopped');
      throw error;
    }
  }

  async #goOn(progress: OperationProgress, beganAtMs: number, steps: BootRecorder): Promise<void> {
    const { record } = this;
    if (record?.run === undefined) throw new Error('A suspended sandbox has a run.');
    const files = this.#tools.records.files(this.id);
    const { temporaryRules = [] } = record.run;
    await this.#tools.checkDiskIsFree(this);
    const machine = await goOnFrom(record, files, this.#tools, progress, {
      openNetwork: (vm) => this.network.takeUp(vm, temporaryRules),
      onConsole: this.recorder.onConsole,
      steps,
      onRestored: () => this.#saveGoingOn(),
    });
    this.#lastError = undefined;
    this.#watch(machine);
    this.#tools.sessions.adopt(this.run, this.#agentOf(machine), this.config.shell);
    this.#setState('running');
    await rm(files.suspendDir, { recursive: true, force: true });
    if (this.record?.run === undefined) return;
    const { isNewcomer: _known, ...known } = this.record;
    const run = { ...this.record.run, bootMs: Date.now() - beganAtMs };
    await this.#save({ ...known, run });
  }

  /** What was in the memory of a suspended sandbox is lost; its disk stays. */
  async discardMemory(): Promise<void> {
    if (this.record?.suspended === undefined || this.#machine !== undefined) return;
    await this.#forgetRun(`The memory of "${this.config.name}" was given up.`);
    this.#lastError = undefined;
    this.#setState('stopped');
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

  /** Changes what the record says of the disk; a run may have begun or ended meanwhile. */
  async amend(change: (record: SandboxRecord) => SandboxRecord): Promise<void> {
    if (this.record === undefined) throw new Error('There is no record to change.');
    const before = this.record;
    try {
      await this.#save(change(this.record));
    } catch (error) {
      // It may have been written and not be certain yet.
      await this.#save(before).catch(() => undefined);
      throw error;
    }
  }

  /** Goes on from another record, without a machine: it is suspended then, or stopped. */
  async putBack(record: SandboxRecord): Promise<void> {
    if (this.#machine !== undefined) throw new Error('A machine of the sandbox runs.');
    await (this.record === undefined ? this.#save(record) : this.amend(() => record));
    this.#lastError = undefined;
    this.#setState(record.suspended === undefined ? 'stopped' : 'suspended');
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

  #agentOf(machine: RunningMachine): Agent {
    return recordedAgent(this.recorder, machine.agent, this.run);
  }

  get #canSave(): boolean {
    return this.#tools.driver.capabilities.save;
  }

  /** The machine that an earlier host process started; one that cannot be used is said to be. */
  async #find(staysPaused: boolean): Promise<RunningMachine | undefined> {
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
        { staysPaused },
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
    if (this.record?.suspended !== undefined) {
      // Its sessions and commands are in its memory, and wait.
      await this.recorder.release();
      this.#lastError = undefined;
      this.#setState('suspended');
      return;
    }
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

  async #savePaused(isPaused: boolean): Promise<void> {
    if (this.record?.run === undefined) return;
    const { isPaused: _was, ...run } = this.record.run;
    await this.#save({ ...this.record, run: isPaused ? { ...run, isPaused } : run });
  }

  /** Where it cannot be written, nothing of it is said. */
  async #saveSuspended(suspended: NonNullable<SandboxRecord['suspended']>): Promise<void> {
    const before = this.record;
    if (before?.run === undefined) throw this.#hasStopped();
    const { isPaused: _was, ...run } = before.run;
    try {
      await this.#save({ ...before, run, suspended });
    } catch (error) {
      // It may have been written and not be certain yet.
      await this.#save(before).catch(() => undefined);
      throw error;
    }
  }

  /** From here on the machine that is there is the one, and what was saved is never used again. */
  async #saveGoingOn(): Promise<void> {
    const before = this.record;
    if (before?.run === undefined) throw this.#hasStopped();
    const { suspended: _was, lastError: _ended, ...rest } = before;
    try {
      const beganBy = rest.isNewcomer === true ? 'branched' : 'resumed';
      await this.#save({ ...rest, run: { ...before.run, beganBy } });
    } catch (error) {
      await this.#save(before);
      throw error;
    }
  }

  /** The run of a suspended sandbox is over, with all that was in its memory. */
  async #forgetRun(why: string): Promise<void> {
    this.#tools.sessions.dropSandbox(this.id, new AppError('sandbox/not-running', why));
    this.recorder.runs.allFailed(why);
    await this.#saveStopped(this.#lastError);
    const { suspendDir } = this.#tools.records.files(this.id);
    await rm(suspendDir, { recursive: true, force: true });
  }

  async #saveTemporary(temporaryRules: TemporaryRule[]): Promise<void> {
    if (this.record?.run === undefined) return;
    await this.#save({ ...this.record, run: { ...this.record.run, temporaryRules } });
  }

  async #saveStopped(lastError: ErrorData | undefined): Promise<void> {
    if (this.record === undefined) return;
    const { run: _run, suspended: _memory, lastError: _previous, ...rest } = this.record;
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
