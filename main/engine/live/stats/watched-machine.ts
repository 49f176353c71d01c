/** A machine that runs, as it is sampled: its process each time, its guest and its network in turns. */
import type { StatsSample } from '../../../contract/stats.ts';
import { isAppError } from '../../base/app-error.ts';
import type { GuestStats } from '../../agent/agent.ts';
import { CounterRate } from './counter-rate.ts';
import { readProcessUsage, type ProcessUsage } from './process-usage.ts';

/** A machine, for whoever samples it. */
export interface MachineSource {
  readonly pid: number;
  /** Bytes that its guest has sent and received; undefined where it has no network. */
  traffic(): Promise<{ readonly sentBytes: number; readonly receivedBytes: number } | undefined>;
  /** Rejects where the guest does not tell, after a bounded time. */
  guest(): Promise<GuestStats>;
}

/** How the process is read, and by which clock. */
export interface SamplingTools {
  readonly readUsage: (pid: number) => ProcessUsage | undefined;
  readonly now: () => number;
}

/** As it is done outside of tests. */
export const realSampling: SamplingTools = { readUsage: readProcessUsage, now: Date.now };

/** What a guest said is shown for so long when it says nothing more. */
const guestLastsMs = 15_000;
/** One that cannot tell is asked again after so long. */
const guestRestMs = 60_000;

/** See the head of this file. */
export class WatchedMachine {
  readonly #source: MachineSource;
  readonly #tools: SamplingTools;
  readonly #cpu = new CounterRate();
  readonly #read = new CounterRate();
  readonly #written = new CounterRate();
  readonly #received = new CounterRate();
  readonly #sent = new CounterRate();
  #guest: GuestStats = {};
  #guestAtMs = -Infinity;
  #guestRestsUntilMs = -Infinity;
  #isAskingGuest = false;
  #isAskingTraffic = false;

  constructor(source: MachineSource, tools: SamplingTools) {
    this.#source = source;
    this.#tools = tools;
    this.sample();
  }

  /** Undefined where the process cannot be read. */
  sample(): StatsSample | undefined {
    const usage = this.#tools.readUsage(this.#source.pid);
    if (usage === undefined) return undefined;
    const atMs = this.#tools.now();
    const guest = atMs - this.#guestAtMs <= guestLastsMs ? this.#guest : {};
    return {
      atMs,
      cpuPercent: this.#cpu.read(usage.cpuMs, atMs) / 10,
      hostMemoryBytes: usage.memoryBytes,
      ...known('guestMemoryBytes', guest.memoryUsedBytes),
      ...known('guestMemoryTotalBytes', guest.memoryTotalBytes),
      diskReadBytesPerSecond: this.#read.read(usage.diskReadBytes, atMs),
      diskWriteBytesPerSecond: this.#written.read(usage.diskWriteBytes, atMs),
      ...known('diskUsedBytes', guest.diskUsedBytes),
      ...known('diskTotalBytes', guest.diskTotalBytes),
      networkReceivedBytesPerSecond: this.#received.perSecond,
      networkSentBytesPerSecond: this.#sent.perSecond,
      ...known('processes', guest.processes),
    };
  }

  /** For the samples to come; nobody waits for it, and none is asked twice at once. */
  async askTraffic(): Promise<void> {
    if (this.#isAskingTraffic) return;
    this.#isAskingTraffic = true;
    try {
      const traffic = await this.#source.traffic();
      const atMs = this.#tools.now();
      this.#received.read(traffic?.receivedBytes ?? 0, atMs);
      this.#sent.read(traffic?.sentBytes ?? 0, atMs);
    } catch {
      // Its gateway is ending, or beginning again.
    } finally {
      this.#isAskingTraffic = false;
    }
  }

  /** As {@link askTraffic}. */
  async askGuest(): Promise<void> {
    if (this.#isAskingGuest || this.#tools.now() < this.#guestRestsUntilMs) return;
    this.#isAskingGuest = true;
    try {
      this.#guest = await this.#source.guest();
      this.#guestAtMs = this.#tools.now();
    } catch (error) {
      // One that is paused tells again when it goes on.
      if (isAppError(error, 'sandbox/paused')) return;
      this.#guestRestsUntilMs = this.#tools.now() + guestRestMs;
    } finally {
      this.#isAskingGuest = false;
    }
  }
}

function known<Key extends keyof StatsSample>(
  key: Key,
  value: number | undefined,
): Partial<Record<Key, number>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, number>>);
}
