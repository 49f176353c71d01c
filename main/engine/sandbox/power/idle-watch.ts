/** Suspends the sandboxes that want it when they have had nothing to do for long enough. */
import type { StatsSample } from '../../../contract/stats.ts';
import type { Logger } from '../../base/logger.ts';
import { IdleSpan } from './idle-span.ts';

/** What the watch needs of the sandboxes. */
export interface IdleSurroundings {
  /** Minutes without work after which it is suspended; undefined: never, or not as it is now. */
  readonly limitMinutes: (name: string) => number | undefined;
  /** When someone last typed into one of its sessions, or one said something. */
  readonly usedAtMs: (id: string) => number | undefined;
  /** Suspends it; rejects where that failed. */
  readonly suspend: (name: string) => Promise<void>;
  readonly logger: Logger;
}

interface Watched {
  span: IdleSpan;
  isSuspending: boolean;
  /** Why it was not suspended in this time without work: it is not tried again. */
  failure: string | undefined;
}

const msPerMinute = 60_000;

/** See the head of this file. It has no timer: samples are taken anyway. */
export class IdleWatch {
  readonly #around: IdleSurroundings;
  readonly #watched = new Map<string, Watched>();
  /** What was said of a sandbox, so that it is said once. */
  readonly #said = new Map<string, string>();

  constructor(around: IdleSurroundings) {
    this.#around = around;
  }

  /** A machine was sampled. */
  take(id: string, name: string, sample: StatsSample): void {
    const limit = this.#around.limitMinutes(name);
    if (limit === undefined) {
      this.#watched.delete(id);
      return;
    }
    const watched = this.#watched.get(id) ?? newWatched();
    this.#watched.set(id, watched);
    const idleMs = watched.span.take(sample, this.#around.usedAtMs(id));
    if (idleMs < limit * msPerMinute) {
      watched.failure = undefined;
      return;
    }
    if (watched.isSuspending || watched.failure !== undefined) return;
    watched.isSuspending = true;
    void this.#suspend(id, name, watched);
  }

  async #suspend(id: string, name: string, watched: Watched): Promise<void> {
    try {
      this.#around.logger.info('A sandbox with nothing to do is suspended.', { name });
      await this.#around.suspend(name);
      this.#said.delete(id);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      watched.failure = why;
      if (this.#said.get(id) === why) return;
      this.#said.set(id, why);
      this.#around.logger.warn('A sandbox with nothing to do was not suspended.', { name, why });
    } finally {
      watched.isSuspending = false;
    }
  }
}

function newWatched(): Watched {
  return { span: new IdleSpan(), isSuspending: false, failure: undefined };
}
