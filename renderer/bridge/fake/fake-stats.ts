/** What the in-memory host's sandboxes use: curves that are made up. */
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import {
  keptSamples,
  thinnedIntervalSeconds,
  type StatsEvent,
  type StatsOverview,
  type StatsSample,
} from '../../../main/contract/stats.ts';
import { fakeEvents } from './fake-events.ts';

const mebibyte = 1_048_576;
/** Seconds before the ten minutes that are told thinned. */
const thinnedSeconds = 1_800;

/** See the head of this file. */
export class FakeStats {
  readonly #sandboxes: ReadonlyMap<string, Sandbox>;
  readonly #everyMs: number;

  /** @param everyMs between two samples while someone looks; 0 for the first ones only */
  constructor(sandboxes: ReadonlyMap<string, Sandbox>, everyMs: number) {
    this.#sandboxes = sandboxes;
    this.#everyMs = everyMs;
  }

  async *watch(name: string, signal?: AbortSignal): AsyncGenerator<StatsEvent> {
    yield* fakeEvents(
      [this.#history(name)],
      (push) =>
        this.#tick(() => {
          const sandbox = this.#sandboxes.get(name);
          if (sandbox?.state === 'running')
            push({ type: 'sample', sample: sampleOf(sandbox, Date.now()) });
        }),
      signal,
    );
  }

  async *watchAll(signal?: AbortSignal): AsyncGenerator<StatsOverview> {
    yield* fakeEvents(
      [this.#overview()],
      (push) =>
        this.#tick(() => {
          push(this.#overview());
        }),
      signal,
    );
  }

  #tick(tell: () => void): () => void {
    if (this.#everyMs === 0) return () => undefined;
    const timer = setInterval(tell, this.#everyMs);
    return () => {
      clearInterval(timer);
    };
  }

  #overview(): StatsOverview {
    const running = [...this.#sandboxes.values()].filter(({ state }) => state === 'running');
    return Object.fromEntries(running.map((one) => [one.name, sampleOf(one, Date.now())]));
  }

  /** It did not run for a while, as one sees in the graphs. */
  #history(name: string): StatsEvent {
    const sandbox = this.#sandboxes.get(name);
    if (sandbox === undefined) return { type: 'history', thinned: [], samples: [] };
    const now = Date.now();
    const at = (secondsAgo: number) => sampleOf(sandbox, now - secondsAgo * 1_000);
    const samples = Array.from({ length: keptSamples }, (_, index) => keptSamples - index);
    const thinned = Array.from(
      { length: thinnedSeconds / thinnedIntervalSeconds },
      (_, index) => keptSamples + thinnedSeconds - index * thinnedIntervalSeconds,
    );
    return {
      type: 'history',
      thinned: thinned.filter((ago) => ago < 1_400 || ago > 1_700).map(at),
      samples: samples.filter((ago) => ago < 260 || ago > 330).map(at),
    };
  }
}

/** Of a moment: the same one whenever it is asked for. */
function sampleOf({ name, config }: Sandbox, atMs: number): StatsSample {
  const seed = Array.from(name, (letter) => letter.charCodeAt(0)).reduce(
    (sum, one) => sum + one,
    0,
  );
  const t = atMs / 1_000 + seed * 17;
  const wave = (period: number) => 0.5 + 0.5 * Math.sin((2 * Math.PI * t) / period);
  const noise = Math.abs(Math.sin(Math.floor(t) * 12.9898) * 43_758.5453) % 1;
  const load = Math.min(1, 0.04 + 0.5 * wave(97) ** 3 + 0.3 * wave(23) ** 6 + 0.12 * noise);
  const total = config.memoryMiB * mebibyte * 0.94;
  const busy = load > 0.55 ? (load - 0.55) * 60 * mebibyte : 0;
  return {
    atMs,
    cpuPercent: load * 100 * config.cpus,
    hostMemoryBytes: total * (0.42 + 0.1 * wave(400)),
    guestMemoryBytes: total * (0.18 + 0.16 * wave(300) + 0.02 * noise),
    guestMemoryTotalBytes: total,
    diskReadBytesPerSecond: busy * wave(13),
    diskWriteBytesPerSecond: busy * 0.6 + noise * 40_000,
    diskUsedBytes: (412 + 30 * wave(900)) * mebibyte,
    diskTotalBytes: config.rootDiskMiB * mebibyte,
    networkReceivedBytesPerSecond: load * 1.6 * mebibyte * noise,
    networkSentBytesPerSecond: load * 0.2 * mebibyte,
    processes: 14 + Math.round(6 * wave(60)),
  };
}
