/** What a guest can be asked that has one short answer. Each wait has an end. */
import { protocolError } from './frame-codec.ts';
import type { GuestListener, GuestProcess, GuestStats, KernelLogLine } from './agent.ts';
import type { KernelLogPage, ProcessPage } from './guest-readings.ts';
import { GuestQuestion } from './guest-question.ts';
import type { HostMessage } from './host-messages.ts';
import { SharedRequest } from './shared-request.ts';

/** An agent of an earlier version never answers, and nobody should wait long to learn it. */
const answerTimeoutMs = 5000;
const maxProcesses = 4096;
/** Pages of the kernel's log that are read at once; the rest comes with the next time. */
const maxLogPages = 64;

/** The questions of one connection. */
export class GuestQuestions {
  readonly listeners: GuestQuestion<readonly GuestListener[]>;
  readonly stats: GuestQuestion<GuestStats>;
  readonly processes: GuestQuestion<ProcessPage>;
  readonly kernelLog: GuestQuestion<KernelLogPage>;
  readonly #processes = new SharedRequest(() => this.#askProcesses());
  readonly #kernelLines = new SharedRequest(() => this.#askKernelLines());
  #afterPid = 0;

  /** @param send throws where there is no connection any more */
  constructor(timeoutMs: number, send: (message: HostMessage) => void) {
    const wait = { timeoutMs: Math.min(answerTimeoutMs, timeoutMs) };
    const ask = <T>(what: string, message: () => HostMessage): GuestQuestion<T> =>
      new GuestQuestion({
        ...{ ...wait, what },
        send: () => {
          send(message());
        },
      });
    this.listeners = ask('list what listens', () => ({ type: 'listeners' }));
    this.stats = ask('say what it uses', () => ({ type: 'stats' }));
    this.processes = ask('list its processes', () => ({
      type: 'processes',
      afterPid: this.#afterPid,
    }));
    this.kernelLog = ask('read the log of its kernel', () => ({ type: 'kernel-log' }));
  }

  /** Every process, page by page. @throws AppError `agent/…`, `operation/cancelled` */
  allProcesses(signal?: AbortSignal): Promise<readonly GuestProcess[]> {
    return this.#processes.get('The request to list the processes', signal);
  }

  /** What the kernel has logged since the last time. @throws AppError `agent/…` */
  allKernelLines(): Promise<readonly KernelLogLine[]> {
    return this.#kernelLines.get('The request to read the log of the kernel');
  }

  /** Nobody waits any more. */
  fail(error: Error): void {
    for (const question of [this.listeners, this.stats, this.processes, this.kernelLog]) {
      question.fail(error);
    }
  }

  async #askProcesses(): Promise<readonly GuestProcess[]> {
    const all: GuestProcess[] = [];
    this.#afterPid = 0;
    for (;;) {
      const { processes, isMore } = await this.processes.ask();
      if ((processes[0]?.pid ?? Infinity) <= this.#afterPid) {
        throw protocolError('listed processes that were not asked for');
      }
      all.push(...processes);
      this.#afterPid = processes.at(-1)?.pid ?? this.#afterPid;
      if (!isMore || processes.length === 0 || all.length >= maxProcesses) break;
    }
    return all.slice(0, maxProcesses);
  }

  async #askKernelLines(): Promise<readonly KernelLogLine[]> {
    const all: KernelLogLine[] = [];
    for (let page = 0; page < maxLogPages; page++) {
      const { lines, isMore } = await this.kernelLog.ask();
      all.push(...lines);
      if (!isMore) break;
    }
    return all;
  }
}
