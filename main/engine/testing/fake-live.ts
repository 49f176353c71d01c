/**
 * Logs, stats, commands and starts in memory. A command says what it was called with, on stdout; a
 * line `sleep` goes on until it is sent a signal, and `fail` ends with 3 after a word on stderr.
 */
import type { BootTimeline } from '../../contract/boot-timeline.ts';
import type { CommandEvent, CommandRun } from '../../contract/commands.ts';
import type { LogEvent, LogLine } from '../../contract/logs.ts';
import type { Process, StatsOverview, StatsSample } from '../../contract/stats.ts';
import { AppError } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { Engine } from '../engine.ts';
import { logFilter } from '../live/logs/log-filter.ts';

/** What the fake needs of its engine. */
export interface FakeLiveSource {
  /** @throws AppError `sandbox/not-found` */
  readonly isRunning: (name: string) => boolean;
}

interface Of<T> {
  readonly name: string;
  readonly value: T;
}

/** See the head of this file. */
export class FakeLive {
  readonly #source: FakeLiveSource;
  readonly #lines: Of<LogLine>[] = [];
  readonly #logEvents = new Emitter<Of<LogEvent>>();
  readonly #samples: Of<StatsSample>[] = [];
  readonly #newSamples = new Emitter<Of<StatsSample>>();
  readonly #overviews = new Emitter<StatsOverview>();
  readonly #commandEvents = new Emitter<Of<CommandEvent>>();
  #runs: Of<CommandRun>[] = [];
  #lastSequence = 0;
  /** What runs in the guests. */
  running: Process[] = [];
  /** The starts of every sandbox, the last one first. */
  starts: BootTimeline[] = [];
  /** How many subscriptions are open. */
  subscriptions = 0;

  constructor(source: FakeLiveSource) {
    this.#source = source;
  }

  /** A line is said. */
  say(name: string, line: Partial<LogLine> & { readonly text: string }): void {
    this.#lastSequence += 1;
    const value = { sequence: this.#lastSequence, atMs: 0, source: 'console' as const, ...line };
    this.#lines.push({ name, value });
    this.#logEvents.emit({ name, value: { type: 'lines', lines: [value] } });
  }

  /** A second has passed. */
  sample(name: string, values: Partial<StatsSample> = {}): void {
    const value: StatsSample = {
      ...{ atMs: 0, cpuPercent: 0, hostMemoryBytes: 0 },
      ...{ diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 0 },
      ...{ networkReceivedBytesPerSecond: 0, networkSentBytesPerSecond: 0 },
      ...values,
    };
    this.#samples.push({ name, value });
    this.#newSamples.emit({ name, value });
    this.#overviews.emit(this.#overview());
  }

  readonly boots: Engine['sandboxes']['boots'] = (name) =>
    this.#known(name, () => [...this.starts]);

  readonly logs: Engine['logs'] = {
    read: ({ name, beforeSequence = Infinity, limit, ...filter }) =>
      this.#known(name, () => {
        const matches = logFilter(filter);
        const all = of(this.#lines, name).filter(
          (line) => line.sequence < beforeSequence && matches(line),
        );
        const lines = all.slice(-limit);
        return { lines, hasEarlier: all.length > limit, oldestSequence: 1 };
      }),
    follow: ({ name, tail, ...filter }, listener) => {
      this.#source.isRunning(name);
      const matches = logFilter(filter);
      const all = of(this.#lines, name).filter(matches);
      const lines = tail > 0 ? all.slice(-tail) : [];
      const hasEarlier = all.length > lines.length;
      listener({ type: 'latest', lines, hasEarlier, oldestSequence: 1 });
      return this.#subscribed(
        this.#logEvents.on(({ name: of, value: event }) => {
          const isWanted = event.type !== 'lines' || event.lines.every(matches);
          if (of === name && isWanted) listener(event);
        }),
      );
    },
    clear: (name) =>
      this.#known(name, () => {
        this.#lines.splice(0);
        const oldestSequence = this.#lastSequence + 1;
        this.#logEvents.emit({ name, value: { type: 'cleared', oldestSequence } });
      }),
  };

  readonly stats: Engine['stats'] = {
    watch: (name, listener) => {
      this.#source.isRunning(name);
      listener({ type: 'history', thinned: [], samples: of(this.#samples, name) });
      return this.#subscribed(
        this.#newSamples.on((each) => {
          if (each.name === name) listener({ type: 'sample', sample: each.value });
        }),
      );
    },
    watchAll: (listener) => {
      listener(this.#overview());
      return this.#subscribed(this.#overviews.on(listener));
    },
    processes: (name) =>
      this.#known(name, () => {
        this.#checkRunning(name);
        return [...this.running];
      }),
  };

  readonly commands: Engine['commands'] = {
    list: (name) => this.#runsOf(name),
    watch: (name, listener) => {
      listener({ type: 'all', runs: this.#runsOf(name) });
      return this.#subscribed(
        this.#commandEvents.on((event) => {
          if (event.name === name) listener(event.value);
        }),
      );
    },
    run: (request) => this.#known(request.name, () => this.#run(request)),
    output: async function* (this: FakeLive, name: string, id: string) {
      await Promise.resolve();
      this.#find(name, id);
      for (const { commandId, stream = 'stdout', text } of of(this.#lines, name)) {
        if (commandId === id) yield { stream, text: `${text}\n` };
      }
    }.bind(this),
    signal: ({ name, id, signal }) =>
      this.#known(name, () => {
        const run = this.#find(name, id);
        this.#put(name, { ...run, endedAtMs: 2, exit: { kind: 'signalled', signal } });
      }),
    remove: (name, id) =>
      this.#known(name, () => {
        this.#find(name, id);
        this.#runs = this.#runs.filter(({ value }) => value.id !== id);
        this.#commandEvents.emit({ name, value: { type: 'removed', ids: [id] } });
      }),
  };

  #run({ name, line, script, command }: Parameters<Engine['commands']['run']>[0]): CommandRun {
    this.#checkRunning(name);
    const words = command ?? [line ?? script ?? ''];
    const id = `command-${String(this.#runs.length + 1)}`;
    const run: CommandRun = {
      ...{ id, command: [...words], origin: 'window', startedAtMs: 1 },
      ...(line === undefined ? {} : { line }),
      ...(script === undefined ? {} : { script }),
    };
    this.#put(name, run);
    if (line === 'sleep') return run;
    const about = { source: 'command', commandId: id } as const;
    this.say(name, { ...about, stream: 'stdout', text: words.join(' ') });
    if (line === 'fail') this.say(name, { ...about, stream: 'stderr', text: 'It failed.' });
    const exit = { kind: 'exited', code: line === 'fail' ? 3 : 0 } as const;
    return this.#put(name, { ...run, endedAtMs: 2, exit });
  }

  #put(name: string, run: CommandRun): CommandRun {
    const others = this.#runs.filter(({ value }) => value.id !== run.id);
    this.#runs = [{ name, value: run }, ...others];
    this.#commandEvents.emit({ name, value: { type: 'changed', runs: [run] } });
    return run;
  }

  #find(name: string, id: string): CommandRun {
    const run = this.#runsOf(name).find((each) => each.id === id);
    if (run !== undefined) return run;
    throw new AppError('command/not-found', `There is no command "${id}".`);
  }

  #runsOf(name: string): CommandRun[] {
    this.#source.isRunning(name);
    return of(this.#runs, name);
  }

  #overview(): StatsOverview {
    return Object.fromEntries(this.#samples.map(({ name, value }) => [name, value]));
  }

  #checkRunning(name: string): void {
    if (this.#source.isRunning(name)) return;
    throw new AppError('sandbox/not-running', `"${name}" does not run.`);
  }

  #known<T>(name: string, work: () => T): Promise<T> {
    return Promise.resolve().then(() => {
      this.#source.isRunning(name);
      return work();
    });
  }

  #subscribed(off: () => void): () => void {
    this.subscriptions += 1;
    return () => {
      this.subscriptions -= 1;
      off();
    };
  }
}

function of<T>(all: readonly Of<T>[], name: string): T[] {
  return all.flatMap((each) => (each.name === name ? [each.value] : []));
}
