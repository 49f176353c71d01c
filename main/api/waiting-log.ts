/** What a client that follows a log has still to be told, bounded. */
import { keptCommandRuns } from '../contract/commands.ts';
import { maxLogLines, type LogEvent, type LogLine, type LogPage } from '../contract/logs.ts';

/** See the head of this file. What is cleared or removed is told before the lines that wait. */
export class WaitingLog {
  #latest: LogPage | undefined;
  #cleared: Extract<LogEvent, { readonly type: 'cleared' }> | undefined;
  readonly #removed = new Set<string>();
  #lines: LogLine[] = [];

  add(event: LogEvent): void {
    switch (event.type) {
      case 'latest':
        this.#latest = event;
        break;
      case 'lines':
        this.#lines = [...this.#lines, ...event.lines].slice(-maxLogLines);
        break;
      case 'removed':
        this.#remove(event.commandId);
        break;
      case 'cleared':
        this.#cleared = event;
        this.#removed.clear();
        this.#lines = this.#lines.filter(({ sequence }) => sequence >= event.oldestSequence);
    }
  }

  /** Undefined where there is nothing. */
  take(): LogEvent | undefined {
    return this.#takeLatest() ?? this.#takeGone() ?? this.#takeLines();
  }

  #takeLatest(): LogEvent | undefined {
    const latest = this.#latest;
    this.#latest = undefined;
    return latest === undefined ? undefined : { type: 'latest', ...latest };
  }

  #takeGone(): LogEvent | undefined {
    const cleared = this.#cleared;
    this.#cleared = undefined;
    if (cleared !== undefined) return cleared;
    const [commandId] = this.#removed;
    if (commandId === undefined) return undefined;
    this.#removed.delete(commandId);
    return { type: 'removed', commandId };
  }

  #takeLines(): LogEvent | undefined {
    const lines = this.#lines;
    this.#lines = [];
    return lines.length === 0 ? undefined : { type: 'lines', lines };
  }

  #remove(id: string): void {
    this.#lines = this.#lines.filter(({ commandId }) => commandId !== id);
    this.#removed.add(id);
    const [oldest] = this.#removed;
    // A client that slow has no more runs than these.
    if (this.#removed.size > keptCommandRuns && oldest !== undefined) this.#removed.delete(oldest);
  }
}
