/**
 * What a sandbox is at the moment: its state, its record, its network, and its machine, which is
 * followed to its end.
 */
import { rm } from 'node:fs/promises';
import type { ErrorData } from '../../contract/error.ts';
import type { TemporaryRule } from '../../contract/network.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox, SandboxState } from '../../contract/sandbox.ts';
import type { Agent } from '../agent/agent.ts';
import { AppError, toErrorData } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Gateways } from '../net/gateway/gateways.ts';
import type { VmExit } from '../vm/driver.ts';
import { removeStrayFiles } from '../snapshot/chain-files.ts';
import { describeSandbox } from './describe-sandbox.ts';
import { diskOf } from './disk-of-record.ts';
import { SandboxNetwork } from './network/sandbox-network.ts';
import { readConsoleTail, type RunningMachine } from './running-machine.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import { recordedAgent, SandboxRecorder, type RecorderTools } from './sandbox-recorder.ts';
import type { SandboxRecords } from './sandbox-records.ts';
import type { SandboxRun, SessionDirectory } from './session/session-directory.ts';

/** What that needs of the engine. */
export interface StateTools {
  readonly recording: RecorderTools;
  readonly records: SandboxRecords;
  readonly sessions: SessionDirectory;
  readonly gateways: Gateways;
  readonly logger: Logger;
  readonly onSandbox: (sandbox: Sandbox) => void;
}

/** See the head of this file. */
export class LifeState {
  readonly id: string;
  readonly createdAtMs: number;
  readonly network: SandboxNetwork;
  readonly recorder: SandboxRecorder;
  record: SandboxRecord | undefined;
  /** Set it with {@link setState} where it is to be told. */
  state: SandboxState;
  lastError: ErrorData | undefined;
  readonly #tools: StateTools;
  /** Until there is a record. */
  readonly #wanted: SandboxConfig;
  #saving: Promise<void> = Promise.resolve();
  #machine: RunningMachine | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    base: Pick<LifeState, 'id' | 'config' | 'createdAtMs'>,
    state: SandboxState,
    tools: StateTools,
  ) {
    this.id = base.id;
    this.#wanted = base.config;
    this.createdAtMs = base.createdAtMs;
    this.state = state;
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

  /** The machine that is there, whether its processors stand still or not. */
  get machine(): RunningMachine | undefined {
    return this.#machine;
  }

  /** Settles when the end of the machine was dealt with. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** The present run, by which sessions are named. */
  get run(): SandboxRun {
    const startedAtMs = this.record?.run?.startedAtMs ?? this.createdAtMs;
    return { id: this.id, name: this.config.name, startedAtMs };
  }

  /** The client's view. */
  describe(): Sandbox {
    return describeSandbox(this.record, {
      ...{ id: this.id, name: this.config.name, state: this.state, config: this.config },
      ...{ createdAtMs: this.createdAtMs, network: this.network.link },
      ...(this.machine === undefined ? {} : { vmPid: this.machine.vm.pid }),
      ...(this.lastError === undefined ? {} : { lastError: this.lastError }),
    });
  }

  announce(): void {
    this.#tools.onSandbox(this.describe());
  }

  setState(state: SandboxState): void {
    this.state = state;
    this.announce();
  }

  agentOf(machine: RunningMachine): Agent {
    return recordedAgent(this.recorder, machine.agent, this.run);
  }

  /** Follows a machine until its end. */
  watch(machine: RunningMachine): void {
    this.#machine = machine;
    this.recorder.began(this.run, machine, () => this.network.traffic());
    machine.onAgent = (agent) => {
      const recorded = recordedAgent(this.recorder, agent, this.run);
      this.#tools.sessions.adopt(this.run, recorded, this.config.shell);
    };
    machine.onAgentLost = (error) => {
      const lost = new AppError('agent/disconnected', `The guest agent was lost: ${error.message}`);
      this.lastError = toErrorData(lost);
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
      this.lastError = undefined;
      this.setState('suspended');
      return;
    }
    const crashed = exit.reason === 'crash' && this.state !== 'stopping';
    const error = crashed ? await this.#crashError(exit) : undefined;
    const reason = error ?? this.hasStopped();
    this.#tools.sessions.dropSandbox(this.id, reason);
    await this.recorder.ended(reason.message);
    this.lastError = error === undefined ? undefined : toErrorData(error);
    await this.saveStopped(this.lastError).catch((cause: unknown) => {
      // The state is right all the same; the next engine finds no machine and mends the record.
      this.#tools.logger.error('The record of a sandbox that ended could not be written.', {
        id: this.id,
        error: String(cause),
      });
    });
    this.setState(crashed ? 'crashed' : 'stopped');
  }

  hasStopped(): AppError {
    return new AppError('sandbox/not-running', `"${this.config.name}" has stopped.`);
  }

  async #crashError(exit: VmExit): Promise<AppError> {
    const console = await readConsoleTail(this.#tools.records.files(this.id).consoleLog);
    return new AppError('vm/crashed', `The machine of "${this.config.name}": ${exit.detail}`, {
      details: { console },
    });
  }

  async savePaused(isPaused: boolean): Promise<void> {
    if (this.record?.run === undefined) return;
    const { isPaused: _was, ...run } = this.record.run;
    await this.save({ ...this.record, run: isPaused ? { ...run, isPaused } : run });
  }

  /** Where it cannot be written, nothing of it is said. */
  async saveSuspended(suspended: NonNullable<SandboxRecord['suspended']>): Promise<void> {
    const before = this.record;
    if (before?.run === undefined) throw this.hasStopped();
    const { isPaused: _was, ...run } = before.run;
    try {
      await this.save({ ...before, run, suspended });
    } catch (error) {
      // It may have been written and not be certain yet.
      await this.save(before).catch(() => undefined);
      throw error;
    }
  }

  /** From here on the machine that is there is the one, and what was saved is never used again. */
  async saveGoingOn(): Promise<void> {
    const before = this.record;
    if (before?.run === undefined) throw this.hasStopped();
    const { suspended: _was, lastError: _ended, ...rest } = before;
    try {
      const beganBy = rest.isNewcomer === true ? 'branched' : 'resumed';
      await this.save({ ...rest, run: { ...before.run, beganBy } });
    } catch (error) {
      await this.save(before);
      throw error;
    }
  }

  /** The run of a suspended sandbox is over, with all that was in its memory. */
  async forgetRun(why: string): Promise<void> {
    this.#tools.sessions.dropSandbox(this.id, new AppError('sandbox/not-running', why));
    this.recorder.runs.allFailed(why);
    await this.saveStopped(this.lastError);
    const { suspendDir } = this.#tools.records.files(this.id);
    await rm(suspendDir, { recursive: true, force: true });
  }

  async #saveTemporary(temporaryRules: TemporaryRule[]): Promise<void> {
    if (this.record?.run === undefined) return;
    await this.save({ ...this.record, run: { ...this.record.run, temporaryRules } });
  }

  async saveStopped(lastError: ErrorData | undefined): Promise<void> {
    if (this.record === undefined) return;
    const { run: _run, suspended: _memory, lastError: _previous, ...rest } = this.record;
    await this.save(lastError === undefined ? rest : { ...rest, lastError });
  }

  /** Changes the record as it is now; where it cannot be written, nothing of it is said. */
  async amend(change: (record: SandboxRecord) => SandboxRecord): Promise<void> {
    const before = this.record;
    if (before === undefined) throw new Error('There is no record to change.');
    try {
      await this.save(change(before));
    } catch (error) {
      // It may have been written and not be certain yet.
      await this.save(before).catch(() => undefined);
      throw error;
    }
  }

  /** Another record, without a machine: the sandbox is suspended then, or stopped. */
  async putBack(record: SandboxRecord): Promise<void> {
    if (this.#machine !== undefined) throw new Error('A machine of the sandbox runs.');
    await (this.record === undefined ? this.save(record) : this.amend(() => record));
    this.lastError = undefined;
    this.setState(record.suspended === undefined ? 'stopped' : 'suspended');
  }

  /** What a change of the disk has left that was cut off. The record names all that a machine has. */
  async removeStrayFiles(): Promise<void> {
    if (this.record?.phase !== 'ready') return;
    const { dir } = this.#tools.records.files(this.id);
    const disk = diskOf(this.record);
    // Of one that has none now: it may have had one with another configuration.
    if (disk !== undefined) await removeStrayFiles(dir, disk);
  }

  /** One write at a time, each of the record as it is then. */
  async save(record: SandboxRecord): Promise<void> {
    this.record = record;
    const saving = this.#saving.then(() => this.#tools.records.save(this.record ?? record));
    this.#saving = saving.catch(() => undefined);
    await saving;
  }
}
