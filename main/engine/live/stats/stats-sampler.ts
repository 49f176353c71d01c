/**
 * Samples every machine that runs each second, for a history that is there when someone looks. Its
 * process is read each time, which costs next to nothing; who is looked at is asked more.
 */
import {
  statsIntervalSeconds,
  type StatsEvent,
  type StatsSample,
  type StatsOverview,
} from '../../../contract/stats.ts';
import { Emitter } from '../../base/emitter.ts';
import { Poller } from '../poller.ts';
import { StatsHistory } from './stats-history.ts';
import {
  realSampling,
  WatchedMachine,
  type MachineSource,
  type SamplingTools,
} from './watched-machine.ts';

/** Of what nobody looks at, each so-manieth time. */
const unwatchedEvery = 10;

/** A sandbox whose machine is sampled. */
export interface SampledSandbox extends MachineSource {
  readonly id: string;
  readonly name: string;
}

interface Entry {
  readonly history: StatsHistory;
  readonly events: Emitter<StatsEvent>;
  watchers: number;
  running: { readonly name: string; readonly machine: WatchedMachine; isNew: boolean } | undefined;
}

/** See the head of this file. */
export class StatsSampler {
  /** Hears of each sample of every sandbox, by id and name. */
  onSample: (id: string, name: string, sample: StatsSample) => void = () => undefined;
  readonly #tools: SamplingTools;
  readonly #poller = new Poller(statsIntervalSeconds * 1000);
  readonly #entries = new Map<string, Entry>();
  readonly #overviews = new Emitter<StatsOverview>();
  #overviewWatchers = 0;
  #rounds = 0;
  #stopRounds: (() => void) | undefined;

  constructor(tools: SamplingTools = realSampling) {
    this.#tools = tools;
  }

  /** A machine runs from now on. */
  began(sandbox: SampledSandbox): void {
    const entry = this.#entry(sandbox.id);
    // Its guest is asked with the first round: right now, its first shell is what is waited for.
    const machine = new WatchedMachine(sandbox, this.#tools);
    this.#stopRounds ??= this.#poller.add(() => {
      this.#round();
    });
    entry.running = { name: sandbox.name, machine, isNew: true };
  }

  /** Its machine has ended; its history stays. */
  ended(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.running = undefined;
    if ([...this.#entries.values()].some(({ running }) => running !== undefined)) return;
    this.#stopRounds?.();
    this.#stopRounds = undefined;
    this.#overviews.emit({});
  }

  /** The sandbox goes, with its history. */
  forget(id: string): void {
    this.ended(id);
    this.#entries.delete(id);
  }

  /** The history at once, then each sample, over all runs of the sandbox. */
  watch(id: string, listener: (event: StatsEvent) => void): () => void {
    const entry = this.#entry(id);
    entry.watchers += 1;
    listener({ type: 'history', ...entry.history.all() });
    const off = entry.events.on(listener);
    return once(() => {
      entry.watchers -= 1;
      off();
    });
  }

  /** The latest of every machine that runs at once, then each second. */
  watchAll(listener: (overview: StatsOverview) => void): () => void {
    this.#overviewWatchers += 1;
    listener(this.#overview());
    const off = this.#overviews.on(listener);
    return once(() => {
      this.#overviewWatchers -= 1;
      off();
    });
  }

  #round(): void {
    const isTurn = this.#rounds % unwatchedEvery === 0;
    this.#rounds += 1;
    for (const [id, { history, events, watchers, running }] of this.#entries) {
      const sample = running?.machine.sample();
      if (running !== undefined && sample !== undefined) {
        this.onSample(id, running.name, sample);
        history.add(sample);
        events.emit({ type: 'sample', sample });
      }
      if (running === undefined) continue;
      const { machine, isNew } = running;
      running.isNew = false;
      // What they answer is in the next sample.
      const isDue = isNew || isTurn || watchers > 0;
      if (isDue || this.#overviewWatchers > 0) void machine.askTraffic();
      if (isDue) void machine.askGuest();
    }
    if (this.#overviewWatchers > 0) this.#overviews.emit(this.#overview());
  }

  #overview(): StatsOverview {
    const latest = [...this.#entries.values()].flatMap(({ history, running }) =>
      running === undefined || history.latest === undefined
        ? []
        : ([[running.name, history.latest]] as const),
    );
    return Object.fromEntries(latest);
  }

  #entry(id: string): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry: Entry = {
      ...{ history: new StatsHistory(), events: new Emitter<StatsEvent>() },
      ...{ watchers: 0, running: undefined },
    };
    this.#entries.set(id, entry);
    return entry;
  }
}

/** Whoever ends a subscription twice has ended it once. */
function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
