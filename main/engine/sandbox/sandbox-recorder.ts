/** What is recorded of one sandbox: its log, its commands, its starts, and what it uses. */
import type { Agent } from '../agent/agent.ts';
import { BootHistory } from '../live/boots/boot-history.ts';
import { CommandRecorder } from '../live/commands/record-commands.ts';
import { CommandRuns } from '../live/commands/command-runs.ts';
import { describeGuestLine, kernelLineText } from '../live/logs/guest-lines.ts';
import { LogWriter } from '../live/logs/log-writer.ts';
import type { SandboxLog } from '../live/logs/sandbox-log.ts';
import type { SandboxLogs } from '../live/logs/sandbox-logs.ts';
import type { Poller } from '../live/poller.ts';
import type { MachineSource } from '../live/stats/watched-machine.ts';
import type { StatsSampler } from '../live/stats/stats-sampler.ts';
import type { RunningMachine } from './running-machine.ts';
import type { SandboxFiles } from './sandbox-records.ts';
import type { SandboxRun } from './session/session-directory.ts';

/** A guest is not asked for the log of its boot while someone waits for its first prompt. */
const firstReadMs = 1000;

/** What all sandboxes share. */
export interface RecorderTools {
  readonly logs: SandboxLogs;
  readonly stats: StatsSampler;
  /** When the logs of the kernels are read. */
  readonly kernelLogs: Poller;
}

/** See the head of this file. */
export class SandboxRecorder {
  readonly log: SandboxLog;
  readonly runs: CommandRuns;
  readonly commands: CommandRecorder;
  readonly boots: BootHistory;
  readonly #id: string;
  readonly #tools: RecorderTools;
  readonly #guest: LogWriter;
  readonly #kernel: LogWriter;
  #stopReading: (() => void) | undefined;

  constructor(id: string, files: SandboxFiles, tools: RecorderTools) {
    this.#id = id;
    this.#tools = tools;
    this.log = tools.logs.get(id);
    this.runs = new CommandRuns(files.commands, this.log);
    this.commands = new CommandRecorder(this.runs);
    this.boots = new BootHistory(files.boots);
    this.#guest = new LogWriter(this.log, { describe: describeGuestLine });
    this.#kernel = new LogWriter(this.log, { describe: describeGuestLine });
  }

  /** Reads what an earlier host process kept. */
  async load(): Promise<void> {
    await Promise.all([this.runs.load(), this.boots.load()]);
  }

  /** Hears the console of a machine. */
  readonly onConsole = (bytes: Uint8Array): Promise<void> => this.#guest.write(bytes);

  /** A machine runs; its network is asked for its traffic. */
  began(run: SandboxRun, machine: RunningMachine, traffic: MachineSource['traffic']): void {
    const { id, name } = run;
    const { pid } = machine.vm;
    this.#tools.stats.began({ id, name, pid, traffic, guest: async () => machine.agent.stats() });
    this.#readKernelLog(machine);
  }

  /** The machine has ended; what was said last is in the log already, or in a line without an end. */
  async ended(reason: string): Promise<void> {
    this.#stopReading?.();
    this.#tools.stats.ended(this.#id);
    await Promise.all([this.#guest.end(), this.#kernel.end()]);
    this.runs.allFailed(reason);
  }

  /** The host process lets go of the sandbox, which goes on. */
  async release(): Promise<void> {
    this.#stopReading?.();
    this.#tools.stats.ended(this.#id);
    await Promise.all([this.#guest.end(), this.#kernel.end()]);
    await Promise.all([this.runs.saved(), this.boots.saved()]);
  }

  /** The sandbox is removed: its folder is free to go. */
  async forget(): Promise<void> {
    await this.ended('The sandbox was removed.');
    this.#tools.stats.forget(this.#id);
    await Promise.all([this.runs.close(), this.boots.close(), this.#tools.logs.forget(this.#id)]);
  }

  /** From its beginning, then what comes; an agent of an earlier version cannot tell. */
  #readKernelLog(machine: RunningMachine): void {
    let isReading = false;
    const read = async (): Promise<void> => {
      if (isReading) return;
      isReading = true;
      try {
        const lines = await machine.agent.kernelLog();
        await this.#kernel.writeLines(lines.map(kernelLineText));
      } catch {
        // The agent is being connected anew, or the machine is ending.
      } finally {
        isReading = false;
      }
    };
    this.#stopReading?.();
    const first = setTimeout(() => void read(), firstReadMs).unref();
    const stop = this.#tools.kernelLogs.add(() => void read());
    this.#stopReading = () => {
      clearTimeout(first);
      stop();
    };
  }
}

/** The agent of a run as clients are to see it. */
export function recordedAgent(recorder: SandboxRecorder, agent: Agent, run: SandboxRun): Agent {
  return recorder.commands.recorded(agent, run.startedAtMs);
}
