/** What a terminal shows: in its mirror while it runs, as its last screen when it has ended. */
import type { AgentTerminalSize } from '../../agent/agent.ts';
import type { Mirror, MirrorMaker } from '../../terminal/mirrors.ts';
import type { MirrorListener, TerminalSnapshot } from '../../terminal/terminal-mirror.ts';
import { FirstOutput } from './first-output.ts';

/** What a screen says of itself. */
export interface ScreenListener extends MirrorListener {
  onParsed(byteCount: number): void;
  /** The mirror's thread has failed: what was there is gone, what comes is mirrored again. */
  onLost(): void;
}

/** Takes a screen; `gapBytes` of output before it are lost. */
export type TakeScreen = (snapshot: TerminalSnapshot, gapBytes: number) => void;

/** See the head of this file. */
export class TerminalScreen {
  readonly #mirrors: MirrorMaker;
  readonly #listener: ScreenListener;
  readonly #first = new FirstOutput();
  #size: AgentTerminalSize;
  #mirror: Mirror | undefined;
  #last: TerminalSnapshot | undefined;
  #gapBytes = 0;
  #writtenBytes = 0;
  #isEnding = false;
  #isClosed = false;

  constructor(mirrors: MirrorMaker, size: AgentTerminalSize, listener: ScreenListener) {
    this.#mirrors = mirrors;
    this.#size = size;
    this.#listener = listener;
    this.#mirror = this.#open();
  }

  get size(): AgentTerminalSize {
    return this.#size;
  }

  write(bytes: Uint8Array): void {
    this.#writtenBytes += bytes.length;
    this.#first.push(bytes);
    this.#mirror?.write(bytes);
  }

  resize(size: AgentTerminalSize): void {
    this.#size = size;
    if (!this.#first.isEmpty) this.#first.spoil();
    this.#mirror?.resize(size);
  }

  /** Output is missing between what was written and what comes. */
  lose(byteCount: number): void {
    this.#gapBytes += byteCount;
    this.#first.spoil();
  }

  /** Gives the screen as it is now, at once or when the mirror has drawn what was written. */
  take(take: TakeScreen): void {
    const first = this.#first.bytes;
    const screen = first === undefined ? this.#last : { ...this.#size, bytes: first };
    if (screen !== undefined) {
      take(screen, this.#gapBytes);
      return;
    }
    this.#mirror?.snapshot((snapshot) => {
      take(snapshot, this.#gapBytes);
    });
  }

  /** Nothing follows: the mirror's memory is many times that of what it shows. */
  end(): void {
    this.#isEnding = true;
    const mirror = this.#mirror;
    mirror?.snapshot((snapshot) => {
      this.#last = snapshot;
      this.#mirror = undefined;
      mirror.close();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#mirror?.close();
  }

  #open(): Mirror {
    return this.#mirrors.open(this.#size, {
      onParsed: (byteCount) => {
        this.#listener.onParsed(byteCount);
      },
      onAnswer: (text) => {
        this.#listener.onAnswer(text);
      },
      onTitle: (title) => {
        this.#listener.onTitle(title);
      },
      onLost: () => {
        this.#onLost();
      },
    });
  }

  #onLost(): void {
    if (this.#isClosed || this.#last !== undefined) return;
    this.#gapBytes = this.#writtenBytes;
    this.#first.spoil();
    this.#mirror = this.#open();
    this.#listener.onLost();
    if (this.#isEnding) this.end();
  }
}
