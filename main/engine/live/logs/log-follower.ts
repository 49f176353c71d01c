/** One who follows a log: what is told while the latest lines are still being read waits for them. */
import type { LogEvent, LogLine, LogPage } from '../../../contract/logs.ts';
import type { StoredLine } from './stored-line.ts';

type WithLines<Event> = Event extends { readonly lines: unknown }
  ? Omit<Event, 'lines'> & { readonly lines: readonly StoredLine[] }
  : Event;

/** What those who follow hear, with lines as they are kept. */
export type SandboxLogEvent = WithLines<LogEvent>;

/** What happens to a log while it is followed. */
export type SandboxLogChange = Exclude<SandboxLogEvent, { readonly type: 'latest' }>;

/** The latest lines of a log, as they are kept. */
export type StoredPage = WithLines<LogPage>;

/** See the head of this file. Each line is told once, in its order. */
export class LogFollower {
  readonly #matches: (line: LogLine) => boolean;
  readonly #listener: (event: SandboxLogEvent) => void;
  #waiting: StoredLine[] | undefined = [];
  /** What happened while the latest lines were read. */
  #oldestSequence = 0;
  readonly #removed = new Set<string>();
  /** What is read can be written already and not yet told. */
  #last = 0;

  constructor(matches: (line: LogLine) => boolean, listener: (event: SandboxLogEvent) => void) {
    this.#matches = matches;
    this.#listener = listener;
  }

  /** Something has happened to the log. */
  readonly hear = (change: SandboxLogChange): void => {
    if (change.type === 'lines') this.#hearLines(change.lines);
    else if (this.#waiting === undefined) this.#listener(change);
    else this.#keepFromLatest(change, this.#waiting);
  };

  /** The latest lines are read. */
  begin({ lines, hasEarlier, oldestSequence }: StoredPage): void {
    this.#last = lines.at(-1)?.sequence ?? 0;
    const latest = lines.filter(
      ({ sequence, commandId }) =>
        sequence >= this.#oldestSequence &&
        (commandId === undefined || !this.#removed.has(commandId)),
    );
    const since = (this.#waiting ?? []).filter(({ sequence }) => sequence > this.#last);
    this.#waiting = undefined;
    this.#removed.clear();
    this.#listener({
      type: 'latest',
      lines: [...latest, ...since],
      hasEarlier: hasEarlier && this.#oldestSequence === 0,
      oldestSequence: Math.max(oldestSequence, this.#oldestSequence),
    });
  }

  #hearLines(lines: readonly StoredLine[]): void {
    const wanted = lines.filter((line) => line.sequence > this.#last && this.#matches(line));
    if (this.#waiting !== undefined) this.#waiting.push(...wanted);
    else if (wanted.length > 0) this.#listener({ type: 'lines', lines: wanted });
  }

  #keepFromLatest(
    change: Exclude<SandboxLogChange, { readonly type: 'lines' }>,
    waiting: readonly StoredLine[],
  ): void {
    if (change.type === 'cleared') {
      this.#oldestSequence = change.oldestSequence;
      this.#waiting = [];
      return;
    }
    this.#removed.add(change.commandId);
    this.#waiting = waiting.filter(({ commandId }) => commandId !== change.commandId);
  }
}
