/** One stream of a guest on its way into a log. */
import type { LogSource } from '../../../contract/logs.ts';
import { LineGate, type GateLimits } from './line-gate.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import type { SandboxLog } from './sandbox-log.ts';
import type { StoredLine } from './stored-line.ts';

type NewLine = Omit<StoredLine, 'sequence'>;

/** Where the lines of a stream come from, by their text. */
export type DescribeLine = (
  text: string,
) => Pick<NewLine, 'source' | 'stream' | 'commandId'> | { readonly source: LogSource };

/** What a writer is made with besides its log. */
export interface LogWriterOptions {
  readonly describe: DescribeLine;
  readonly limits?: GateLimits;
  readonly now?: () => number;
}

/** How long after a flood its end is said, and the beginning of a line, where nothing follows. */
const quietMs = 1000;

/** See the head of this file. */
export class LogWriter {
  readonly #log: SandboxLog;
  readonly #describe: DescribeLine;
  readonly #now: () => number;
  readonly #gate: LineGate;
  #splitter = new LineSplitter();
  readonly #quiet = new QuietTimer(quietMs, () => {
    void this.#flush();
  });

  constructor(log: SandboxLog, { describe, limits, now = Date.now }: LogWriterOptions) {
    this.#log = log;
    this.#describe = describe;
    this.#now = now;
    this.#gate = new LineGate(limits);
  }

  /** Resolves when its lines are kept: who reads on only then holds a flood back. */
  async write(bytes: Uint8Array): Promise<void> {
    const nowMs = this.#now();
    this.#quiet.start();
    if (this.#gate.isShut(nowMs)) this.#leaveOut(bytes);
    else await this.#add(this.#splitter.push(bytes), nowMs);
  }

  /** Lines that are whole already. */
  async writeLines(texts: readonly string[]): Promise<void> {
    const lines = texts.map((text) => ({ text, isOpen: false }));
    await this.#add(lines, this.#now());
  }

  /** Nothing follows: what is left without an end is a line. */
  async end(): Promise<void> {
    this.#quiet.stop();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const rest = this.#splitter.end();
    this.#splitter = new LineSplitter();
    await this.#add(rest, this.#now());
    await this.#log.add(this.#sayLeftOut(this.#now()));
  }

  /** Not even looked at: decoding a flood would take the processor from those who work. */
  #leaveOut(bytes: Uint8Array): void {
    let count = 0;
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++;
    this.#gate.leaveOut(count);
    // What stands before a gap and behind it is not one line.
    this.#splitter = new LineSplitter();
  }

  async #add(lines: readonly SplitLine[], nowMs: number): Promise<void> {
    const kept: NewLine[] = this.#sayLeftOut(nowMs);
    for (const line of lines) {
      if (this.#gate.isShut(nowMs)) {
        this.#gate.leaveOut(1);
        continue;
      }
      this.#gate.pass(line.text.length);
      kept.push(this.#line(line, nowMs));
    }
    await this.#log.add(kept);
  }

  #line({ text, isOpen }: SplitLine, atMs: number): NewLine {
    return { atMs, ...this.#describe(text), text, ...(isOpen ? { isOpen } : {}) };
  }

  #sayLeftOut(atMs: number): NewLine[] {
    const count = this.#gate.takeLeftOut();
    if (count === 0) return [];
    const { commandId } = { commandId: undefined, ...this.#describe('') };
    const what = count === 1 ? 'line' : 'lines';
    const text = `… ${count.toLocaleString('en')} ${what} left out: too much came at once.`;
    return [{ atMs, source: 'agent', ...(commandId === undefined ? {} : { commandId }), text }];
  }
}

/** Calls back when nothing has happened for a while; a busy stream restarts no timer. */
class QuietTimer {
  readonly #delayMs: number;
  readonly #onQuiet: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(delayMs: number, onQuiet: () => void) {
    this.#delayMs = delayMs;
    this.#onQuiet = onQuiet;
  }

  start(): void {
    this.#isBusy = this.#timer !== undefined;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isBusy) this.start();
      else this.#onQuiet();
    }, this.#delayMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
