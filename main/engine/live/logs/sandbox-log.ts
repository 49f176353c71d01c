/** The log of one sandbox: what is added to it is numbered, kept and told to those who follow. */
import { readFile } from 'node:fs/promises';
import type { LogLine, LogPage } from '../../../contract/logs.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { Emitter } from '../../base/emitter.ts';
import { logFilter, type LogFilter } from './log-filter.ts';
import {
  LogFollower,
  type SandboxLogChange,
  type SandboxLogEvent,
  type StoredPage,
} from './log-follower.ts';
import {
  appendToPart,
  endLastLine,
  listLogParts,
  logPart,
  removeParts,
  type LogPart,
} from './log-parts.ts';
import { readLinesBackwards } from './read-backwards.ts';
import { readStoredLine, toLogLine, writeStoredLine, type StoredLine } from './stored-line.ts';

/** How much is kept. */
export interface LogBounds {
  readonly maxParts: number;
  /** A part that has become larger is followed by another. */
  readonly partBytes: number;
}

const defaultBounds: LogBounds = { maxParts: 4, partBytes: 4 * 1024 * 1024 };

/** See the head of this file. Nothing is written before the first line. */
export class SandboxLog {
  readonly #dir: string;
  readonly #bounds: LogBounds;
  readonly #events = new Emitter<SandboxLogChange>();
  #parts: LogPart[] | undefined;
  #nextSequence = 1;
  /** Of the last part. */
  #size = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(dir: string, bounds: LogBounds = defaultBounds) {
    this.#dir = dir;
    this.#bounds = bounds;
  }

  /**
   * Resolves when the lines, and all that were added before them, are written and told: whoever
   * brings more waits for the disk, and whoever brings none knows that nothing is under way.
   */
  add(lines: readonly Omit<StoredLine, 'sequence'>[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed || lines.length === 0) return;
      const parts = await this.#open();
      const numbered = lines.map((line) => ({ sequence: this.#nextSequence++, ...line }));
      await this.#write(parts, numbered);
      this.#events.emit({ type: 'lines', lines: numbered });
    });
  }

  /** The latest lines that match, oldest first. */
  async read(
    filter: LogFilter & {
      readonly beforeSequence?: number | undefined;
      readonly limit: number;
    },
  ): Promise<LogPage> {
    const { beforeSequence = Infinity, limit } = filter;
    const page = await this.#page(logFilter(filter), beforeSequence, limit);
    return { ...page, lines: page.lines.map(toLogLine) };
  }

  /**
   * Calls back with the latest lines that match as soon as they are read, be there any or not, then
   * with what comes and goes. What is added while the first are read comes once, after them.
   */
  follow(
    filter: LogFilter & { readonly tail: number },
    listener: (event: SandboxLogEvent) => void,
  ): () => void {
    const matches = logFilter(filter);
    const follower = new LogFollower(matches, listener);
    let isOn = true;
    const off = this.#events.on(follower.hear);
    void this.#page(matches, Infinity, filter.tail)
      // What cannot be read is not there; what comes is told all the same.
      .catch((): StoredPage => ({ lines: [], hasEarlier: false, oldestSequence: 0 }))
      .then((page) => {
        if (isOn) follower.begin(page);
      });
    return () => {
      isOn = false;
      off();
    };
  }

  /** Takes what a command said out of the log; numbers stay. */
  removeCommand(commandId: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const part of await this.#open()) {
        const text = await readFile(part.path, 'utf8');
        if (!text.includes(commandId)) continue;
        const lines = text.split('\n');
        const kept = lines.filter(
          (line) => !line.includes(commandId) || readStoredLine(line)?.commandId !== commandId,
        );
        if (kept.length < lines.length) await writeFileAtomic(part.path, kept.join('\n'));
      }
      const last = this.#parts?.at(-1);
      if (last !== undefined) this.#size = await endLastLine(last);
      this.#events.emit({ type: 'removed', commandId });
    });
  }

  /** Nothing that was said is there any more; numbers go on. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      const parts = await this.#open();
      const next = logPart(this.#dir, this.#nextSequence);
      await appendToPart(next, '');
      await removeParts(parts.filter(({ path }) => path !== next.path));
      this.#parts = [next];
      this.#size = 0;
      this.#events.emit({ type: 'cleared', oldestSequence: this.#nextSequence });
    });
  }

  /** What is under way is written; nothing is taken any more. */
  close(): Promise<void> {
    return this.#inTurn(() => {
      this.#isClosed = true;
      return Promise.resolve();
    });
  }

  /** The latest lines before one, oldest first. */
  async #page(
    matches: (line: LogLine) => boolean,
    beforeSequence: number,
    limit: number,
  ): Promise<StoredPage> {
    const parts = await this.#inTurn(async () => [...(await this.#open())]);
    const found: StoredLine[] = [];
    for await (const lines of linesBackwards(parts, beforeSequence)) {
      for (const line of lines) if (matches(line)) found.push(line);
      if (found.length > limit) break;
    }
    return {
      lines: found.slice(0, limit).reverse(),
      hasEarlier: found.length > limit,
      oldestSequence: parts[0]?.firstSequence ?? this.#nextSequence,
    };
  }

  /** Finds what an earlier host process has kept, once. */
  async #open(): Promise<LogPart[]> {
    if (this.#parts !== undefined) return this.#parts;
    const parts = await listLogParts(this.#dir);
    for await (const [line] of linesBackwards(parts, Infinity)) {
      if (line === undefined) continue;
      this.#nextSequence = line.sequence + 1;
      break;
    }
    const last = parts.at(-1);
    this.#nextSequence = Math.max(this.#nextSequence, last?.firstSequence ?? 1);
    if (last !== undefined) this.#size = await endLastLine(last).catch(() => 0);
    this.#parts = parts;
    return parts;
  }

  /** A disk that is full loses the lines, and neither the sandbox nor those who follow. */
  async #write(parts: LogPart[], lines: readonly StoredLine[]): Promise<void> {
    let last = parts.at(-1);
    if (last === undefined || this.#size >= this.#bounds.partBytes) {
      last = logPart(this.#dir, lines[0]?.sequence ?? this.#nextSequence);
      parts.push(last);
      await removeParts(parts.splice(0, parts.length - this.#bounds.maxParts));
    }
    const text = lines.map(writeStoredLine).join('');
    this.#size = await appendToPart(last, text).catch(() => this.#size);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** As many at a time as are read at once. */
async function* linesBackwards(
  parts: readonly LogPart[],
  beforeSequence: number,
): AsyncGenerator<StoredLine[], void, void> {
  for (const part of parts.toReversed()) {
    if (part.firstSequence >= beforeSequence) continue;
    for await (const texts of readLinesBackwards(part.path)) {
      yield texts.flatMap((text) => {
        const line = readStoredLine(text);
        return line !== undefined && line.sequence < beforeSequence ? line : [];
      });
    }
  }
}
