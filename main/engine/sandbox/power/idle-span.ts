/** How long a sandbox has had nothing to do. Pure. */
import type { StatsSample } from '../../../contract/stats.ts';

/** Percent of one processor: an emulated guest that waits needs as much for its own ticks. */
const quietCpuPercent = 5;
/** What name servers, clocks and neighbours say now and then. */
const quietNetworkBytesPerSecond = 2 * 1024;
const quietDiskBytesPerSecond = 64 * 1024;
/** One busy second is none: the use is averaged over about so many samples. */
const averagedSamples = 30;
/** Without samples for so long, the host itself has slept: nobody could do anything. */
const longestGapMs = 30_000;

/** See the head of this file. It is told of each second. */
export class IdleSpan {
  #sinceMs: number | undefined;
  #lastMs: number | undefined;
  #cpu = 0;
  #network = 0;
  #disk = 0;

  /**
   * Takes a sample and says for how many milliseconds there has been nothing to do, up to it.
   * @param usedAtMs when someone last typed or was shown something
   */
  take(sample: StatsSample, usedAtMs: number | undefined): number {
    const { atMs } = sample;
    const hasSlept =
      this.#lastMs === undefined || atMs - this.#lastMs > longestGapMs || atMs < this.#lastMs;
    if (hasSlept) this.#sinceMs = atMs;
    this.#lastMs = atMs;
    this.#cpu = averaged(this.#cpu, sample.cpuPercent);
    const { networkReceivedBytesPerSecond: received, networkSentBytesPerSecond: sent } = sample;
    this.#network = averaged(this.#network, received + sent);
    const { diskReadBytesPerSecond: read, diskWriteBytesPerSecond: written } = sample;
    this.#disk = averaged(this.#disk, read + written);
    if (!this.#isQuiet) this.#sinceMs = atMs;
    const sinceMs = Math.max(this.#sinceMs ?? atMs, usedAtMs ?? -Infinity);
    return Math.max(0, atMs - sinceMs);
  }

  get #isQuiet(): boolean {
    return (
      this.#cpu < quietCpuPercent &&
      this.#network < quietNetworkBytesPerSecond &&
      this.#disk < quietDiskBytesPerSecond
    );
  }
}

function averaged(average: number, value: number): number {
  return average + (value - average) / averagedSamples;
}
