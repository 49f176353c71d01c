/** Mirrors without a thread: what they are asked is done in later turns, in the same order. */
import type { Mirror, MirrorMaker } from '../mirrors.ts';
import { TerminalMirror } from '../terminal-mirror.ts';

/** See the head of this file. While it is `paused`, nothing is done. */
export class LocalMirrors implements MirrorMaker {
  readonly #queue: (() => void)[] = [];
  readonly #losses = new Set<() => void>();
  #isPaused = false;
  #isScheduled = false;

  open(...[size, listener]: Parameters<MirrorMaker['open']>): Mirror {
    const mirror = new TerminalMirror(size, listener);
    let isClosed = false;
    const later = (work: () => void): void => {
      this.#queue.push(() => {
        if (!isClosed) work();
      });
      this.#schedule();
    };
    const lose = (): void => {
      this.#losses.delete(lose);
      if (isClosed) return;
      isClosed = true;
      listener.onLost(new Error('The thread ended.'));
    };
    this.#losses.add(lose);
    return {
      write: (bytes) => {
        later(() => {
          mirror.write(bytes);
          listener.onParsed(bytes.length);
        });
      },
      resize: (to) => {
        later(() => {
          mirror.resize(to);
        });
      },
      snapshot: (take) => {
        later(() => {
          take(mirror.snapshot());
        });
      },
      close: () => {
        isClosed = true;
        mirror.dispose();
      },
    };
  }

  /** As when the thread of them all ends. */
  lose(): void {
    for (const lose of [...this.#losses]) lose();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  set paused(isPaused: boolean) {
    this.#isPaused = isPaused;
    this.#schedule();
  }

  /** Resolves when everything that was asked is done. */
  async idle(): Promise<void> {
    while (this.#queue.length > 0 || this.#isScheduled) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isPaused) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      while (!this.#isPaused) {
        const work = this.#queue.shift();
        if (work === undefined) return;
        work();
      }
    });
  }
}
