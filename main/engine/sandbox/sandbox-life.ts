/** One sandbox from its creation to its removal: what happens to it, one thing after the other. */
import { rm } from 'node:fs/promises';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox, SandboxState } from '../../contract/sandbox.ts';
import type { Agent } from '../agent/agent.ts';
import { AppError, toErrorData } from '../base/app-error.ts';
import { Limiter } from '../base/limiter.ts';
import { BootRecorder } from '../live/boots/boot-steps.ts';
import { bootSandbox, type BootTools } from './boot-sandbox.ts';
import type { DiskReader } from './commit-sandbox.ts';
import { LifeState, type StateTools } from './life-state.ts';
import { bootForMaintenance } from './maintenance-boot.ts';
import type { SandboxNetwork } from './network/sandbox-network.ts';
import type { OperationProgress } from './operation-tracker.ts';
import { goOnFrom } from './power/go-on.ts';
import { endLeftMachine, leftMachinePlace } from './power/left-machine.ts';
import { checkSuspendable } from './power/suspend-checks.ts';
import { saveForSuspend } from './power/suspend.ts';
import { hostnameOf } from './plan-boot.ts';
import { RunningMachine } from './running-machine.ts';
import { joinDeepDisk } from './snapshots/join-disk.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxRecorder } from './sandbox-recorder.ts';
import type { SandboxRun } from './session/session-directory.ts';

/** What a sandbox's life needs of the engine. */
export interface LifeTools extends BootTools, StateTools {
  /** @throws AppError `root/in-use` where another sandbox has the disk of this one */
  readonly checkDiskIsFree: (life: SandboxLife) => Promise<void>;
}

/** How long a guest may take to end that nobody waits for. */
const cutOffGraceMs = 10_000;

/** See the head of this file. */
export class SandboxLife {
  /** The create, start or restart that is under way. */
  operationId: string | undefined;
  /** For changes of the network, each of which begins with what the one before has left. */
  readonly networkTurns = new Limiter(1);
  /** For pausing and resuming, each of which begins with what the one before has left. */
  readonly #powerTurns = new Limiter(1);
  readonly #now: LifeState;
  readonly #tools: LifeTools;
  #ending: Promise<void> | undefined;

  constructor(
    base: Pick<SandboxLife, 'id' | 'config' | 'createdAtMs'>,
    state: SandboxState,
    tools: LifeTools,
  ) {
    this.#now = new LifeState(base, state, tools);
    this.#tools = tools;
  }

  get id(): string {
    return this.#now.id;
  }

  get createdAtMs(): number {
    return this.#now.createdAtMs;
  }

  get config(): SandboxConfig {
    return this.#now.config;
  }

  /** There from the moment the image is known. */
  get record(): SandboxRecord | undefined {
    return this.#now.record;
  }

  set record(record: SandboxRecord | undefined) {
    this.#now.record = record;
  }

  get network(): SandboxNetwork {
    return this.#now.network;
  }

  get recorder(): SandboxRecorder {
    return this.#now.recorder;
  }

  /** The present run, by which sessions are named. */
  get run(): SandboxRun {
    return this.#now.run;
  }

  /** The client's view. */
  describe(): Sandbox {
    return this.#now.describe();
  }

  /** The sandbox is there again that another one was to take the place of. */
  announce(): void {
    this.#now.announce();
  }

  get state(): SandboxState {
    return this.#now.state;
  }

  get isIdle(): boolean {
    return this.#now.state === 'stopped' || this.#now.state === 'crashed';
  }

  /** There is a machine, whether its processors stand still or not. */
  get isAlive(): boolean {
    return this.#now.machine !== undefined;
  }

  /** The machine, whether its processors stand still or not. @throws AppError `sandbox/not-running` */
  get anyMachine(): RunningMachine {
    const { machine } = this.#now;
    if (machine === undefined) throw this.#now.hasStopped();
    return machine;
  }

  /** @throws AppError `sandbox/not-running`, `sandbox/paused`, `sandbox/suspended` */
  get machine(): RunningMachine {
    const { state, machine } = this.#now;
    if (state === 'running' && machine !== undefined) return machine;
    const code = state === 'paused' || state === 'suspended' ? state : 'not-running';
    const words = state === 'suspending' ? 'being suspended' : state;
    throw new AppError(`sandbox/${code}`, `"${this.config.name}" is ${words}.`);
  }

  /** The agent as clients see it: what runs without a terminal is recorded. @throws as {@link machine} */
  get agent(): Agent {
    return this.#now.agentOf(this.machine);
  }

  /** Takes up what an earlier host process left, running or not. */
  static async restore(record: SandboxRecord, tools: LifeTools): Promise<SandboxLife> {
    const life = new SandboxLife(record, 'stopped', tools);
    life.record = record;
    life.#now.lastError = record.lastError;
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
    await this.#now.removeStrayFiles();
    await Promise.all([this.network.load(), this.recorder.load()]);
    if (machine !== undefined) {
      this.#now.state = machine.vm.isPaused ? 'paused' : 'running';
      await this.network.takeUp(machine.vm, record.run?.temporaryRules ?? []);
      this.#now.watch(machine);
      if (this.#now.state === 'running') {
        if (isPaused) await this.#now.savePaused(false);
        this.#tools.sessions.adopt(this.run, this.agent, this.config.shell);
      }
    } else if (record.run !== undefined) {
      this.recorder.runs.allFailed('The sandbox ended while nobody looked after it.');
      await this.#now.saveStopped(this.#now.lastError);
    }
  }

  async #restoreSuspended(): Promise<void> {
    this.#now.state = 'suspended';
    try {
      await endLeftMachine(this.id, this.#tools.records.files(this.id), this.#tools);
    } catch (error) {
      this.#now.lastError = toErrorData(error);
    }
    await this.#now.removeStrayFiles();
    await Promise.all([this.network.load(), this.recorder.load()]);
  }

  /** Boots a prepared sandbox; a failure leaves it stopped, with the error. */
  async start(record: SandboxRecord, progress: OperationProgress): Promise<void> {
    this.#now.setState('starting');
    try {
      await this.boot(record, progress);
    } catch (error) {
      if (!progress.signal.aborted) this.#now.lastError = toErrorData(error);
      this.#now.setState('stopped');
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
    const save = (joined: SandboxRecord): Promise<void> =>
      this.amend((now) => ({ ...now, disk: joined.disk }));
    const ready = await steps.measure('join', 'Join the files of the disk', () =>
      joinDeepDisk(record, files.dir, save, progress),
    );
    const booted = await bootSandbox(ready, files, this.#tools, progress, {
      openNetwork: (vm) => this.network.open(vm),
      closeNetwork: () => this.network.close(),
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
      const { lastError: _ended, isNewcomer: _known, ...rest } = this.record ?? ready;
      await steps.measure('record', 'Write the record', () =>
        this.#now.save({ ...rest, phase: 'ready', isPatched: true, run }),
      );
    } catch (error) {
      await machine.stop(0);
      await this.network.close();
      throw error;
    }
    this.#now.lastError = undefined;
    this.#now.watch(machine);
    this.#now.setState('running');
  }

  /** Of one that is paused: nothing. @throws AppError as {@link machine} */
  async pause(): Promise<void> {
    await this.#powerTurns.run(async () => {
      if (this.#now.state === 'paused') return;
      const { machine } = this;
      await machine.pause();
      try {
        await this.#now.savePaused(true);
      } catch (error) {
        await machine.resume();
        throw error;
      }
      this.#tools.sessions.rest(this.id);
      if (this.#now.machine === machine) this.#now.setState('paused');
    });
  }

  /** Of one that runs: nothing. @throws AppError as {@link machine} */
  async resume(): Promise<void> {
    await this.#powerTurns.run(async () => {
      const machine = this.#now.state === 'paused' ? this.#now.machine : this.machine;
      if (machine === undefined || this.#now.state !== 'paused') return;
      // First the word, then the deed: who comes after lets a machine go on that stands still.
      await this.#now.savePaused(false);
      await machine.resume();
      this.#tools.sessions.wake(this.id);
      if (this.#now.machine === machine) this.#now.setState('running');
    });
  }

  /** @throws AppError `suspend/not-possible` where that is known before anything is done */
  checkSuspendable(): void {
    if (this.record !== undefined) checkSuspendable(this.record, this.#canSave);
  }

  /** Saves the memory and ends the machine; a failure leaves it as it was. */
  async suspend(progress: OperationProgress): Promise<void> {
    const { record } = this;
    const machine = this.#now.machine;
    const before = this.#now.state;
    if (record === undefined || machine === undefined) throw this.#now.hasStopped();
    const folder = this.#tools.records.files(this.id).suspendDir;
    this.#now.setState('suspending');
    this.#tools.sessions.rest(this.id);
    try {
      const run = { machine, record, folder, canSave: this.#canSave };
      await saveForSuspend(run, progress, (suspended) => this.#now.saveSuspended(suspended));
    } catch (error) {
      if (before === 'running') this.#tools.sessions.wake(this.id);
      // It may have ended meanwhile, which is told already.
      if (this.#now.machine === machine) this.#now.setState(before);
      throw error;
    }
    await machine.stop(0);
    await this.#now.settled;
    progress.finish('end');
  }

  /** Goes on where it was suspended; a failure leaves it suspended, as far as it can go on still. */
  async goOn(progress: OperationProgress): Promise<void> {
    this.#now.setState('starting');
    const beganAtMs = Date.now();
    const steps = new BootRecorder(beganAtMs);
    try {
      await this.#goOn(progress, beganAtMs, steps);
      this.recorder.boots.add(steps.finish());
    } catch (error) {
      this.recorder.boots.add(steps.finish(toErrorData(error).message));
      await this.network.close();
      const isKept = this.record?.suspended !== undefined;
      if (!progress.signal.aborted || !isKept) this.#now.lastError = toErrorData(error);
      if (!isKept) await this.#now.forgetRun(toErrorData(error).message);
      this.#now.setState(isKept ? 'suspended' : 'stopped');
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
      onRestored: () => this.#now.saveGoingOn(),
    });
    this.#now.lastError = undefined;
    this.#now.watch(machine);
    this.#tools.sessions.adopt(this.run, this.#now.agentOf(machine), this.config.shell);
    this.#now.setState('running');
    await rm(files.suspendDir, { recursive: true, force: true });
    if (this.record?.run === undefined) return;
    const { isNewcomer: _known, ...known } = this.record;
    const run = { ...this.record.run, bootMs: Date.now() - beganAtMs };
    await this.#now.save({ ...known, run });
  }

  /** What was in the memory of a suspended sandbox is lost; its disk stays. */
  async discardMemory(): Promise<void> {
    if (this.record?.suspended === undefined || this.#now.machine !== undefined) return;
    await this.#now.forgetRun(`The memory of "${this.config.name}" was given up.`);
    this.#now.lastError = undefined;
    this.#now.setState('stopped');
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
      await this.#now.save({ ...this.record, config });
    } catch (error) {
      this.record = { ...this.record, config: before.config };
      await undo();
      throw error;
    }
    await this.network.apply();
    this.#now.announce();
  }

  /** Changes what the record says of the disk; a run may have begun or ended meanwhile. */
  amend(change: (record: SandboxRecord) => SandboxRecord): Promise<void> {
    return this.#now.amend(change);
  }

  /** Goes on from another record, without a machine: it is suspended then, or stopped. */
  putBack(record: SandboxRecord): Promise<void> {
    return this.#now.putBack(record);
  }

  /** Ends the machine, if there is one; callers at the same time share one end. */
  async end(graceMs: number): Promise<void> {
    const machine = this.#now.machine;
    if (machine === undefined) return;
    this.#ending ??= (async () => {
      this.#now.setState('stopping');
      this.#tools.sessions.expectStop(this.id, this.#now.hasStopped());
      await machine.stop(graceMs);
      await this.#now.settled;
    })().finally(() => {
      this.#ending = undefined;
    });
    await this.#ending;
  }

  /** Lets go of the machine; it goes on running. */
  async release(): Promise<void> {
    await this.network.release();
    await this.#now.machine?.release();
    await this.recorder.release();
  }

  get #canSave(): boolean {
    return this.#tools.driver.capabilities.save;
  }

  /** The machine that an earlier host process started; one that cannot be used is said to be. */
  async #find(staysPaused: boolean): Promise<RunningMachine | undefined> {
    try {
      return await RunningMachine.find(
        leftMachinePlace(this.id, this.#tools.records.files(this.id), this.#tools),
        this.#tools,
        this.recorder.onConsole,
        { staysPaused },
      );
    } catch (error) {
      this.#now.lastError = toErrorData(error);
      this.#now.state = 'crashed';
      return undefined;
    }
  }
}
