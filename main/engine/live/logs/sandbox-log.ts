/** The log of one sandbox: what is added to it is numbered, kept and told to those who follow. */
import { readFile } from 'node:fs/promises';
import type { LogLine, LogPage } from '../../../contract/logs.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { Emitter } from '../../base/emitter.ts';
import { logFilter, type LogFilter } from './log-filter.ts';
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
  readonly #lines = new Emitter<readonly StoredLine[]>();
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
      this.#lines.emit(numbered);
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
    const parts = await this.#inTurn(async () => [...(await this.#open())]);
    const matches = logFilter(filter);
    const found: LogLine[] = [];
    for await (const lines of linesBackwards(parts, beforeSequence)) {
      for (const line of lines) if (matches(line)) found.push(toLogLine(line));
      if (found.length > limit) break;
    }
    const oldestSequence = parts[0]?.firstSequence ?? this.#nextSequence;
    const lines = found.slice(0, limit).reverse();
    return { lines, hasEarlier: found.length > limit, oldestSequence };
  }

  /**
   * Calls back with the latest lines that match as soon as they are read, be there any or not, then
   * with those that come. What is added while the first are read comes once, after them.
   */
  follow(
    filter: LogFilter & { readonly tail: number },
    listener: (lines: readonly StoredLine[]) => void,
  ): () => void {
    const matches = logFilter(filter);
    let waiting: StoredLine[] | undefined = [];
    // What is read can be written already and not yet told.
    let last = 0;
    let isOn = true;
    const off = this.#lines.on((lines) => {
      const wanted = lines.filter((line) => line.sequence > last && matches(line));
      if (waiting !== undefined) waiting.push(...wanted);
      else if (wanted.length > 0) listener(wanted);
    });
    // What cannot be read is not there; what comes is told all the same.
    const reading = this.#latest(matches, filter.tail).catch((): StoredLine[] => []);
    void reading.then((latest) => {
      last = latest.at(-1)?.sequence ?? 0;
      const since = (waiting ?? []).filter(({ sequence }) => sequence > last);
      waiting = undefined;
      if (isOn) listener([...latest, ...since]);
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
    });
  }

  /** What is under way is written; nothing is taken any more. */
  close(): Promise<void> {
    return this.#inTurn(() => {
      this.#isClosed = true;
      return Promise.resolve();
    });
  }

  async #latest(matches: (line: LogLine) => boolean, count: number): Promise<StoredLine[]> {
    const parts = await this.#inTurn(async () => [...(await this.#open())]);
    const found: StoredLine[] = [];
    if (count === 0) return found;
    for await (const lines of linesBackwards(parts, Infinity)) {
      for (const line of lines) if (matches(line)) found.push(line);
      if (found.length >= count) break;
    }
    return found.slice(0, count).reverse();
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
