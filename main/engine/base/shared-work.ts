import { cancelledError } from './app-error.ts';

/** Work that is done once for everyone who wants it at the same time. */
export type Work<Progress> = (
  signal: AbortSignal,
  report: (progress: Progress) => void,
) => Promise<void>;

/** One caller's wish in {@link SharedWork.run}. */
export interface WorkRequest<Progress> {
  /** Equal keys share one run. */
  readonly key: string;
  /** By what means. A caller whose means differ from those of the run that failed tries its own. */
  readonly means: string;
  readonly work: Work<Progress>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Run<Progress> {
  readonly means: string;
  readonly abort: AbortController;
  readonly listeners: Set<(progress: Progress) => void>;
  readonly done: Promise<void>;
  waiters: number;
  last?: Progress;
}

/**
 * Runs work by key: who comes while it runs joins it. A caller that is cancelled leaves; the work
 * is cancelled when the last one has left, and that one waits until it has wound down.
 */
export class SharedWork<Progress> {
  readonly #runs = new Map<string, Run<Progress>>();

  async run(request: WorkRequest<Progress>): Promise<void> {
    for (;;) {
      if (isAborted(request.signal)) throw cancelledError(request.key);
      const current = this.#runs.get(request.key);
      if (current?.abort.signal.aborted === true) {
        await current.done.catch(() => undefined);
        continue;
      }
      const run = current ?? this.#start(request);
      try {
        await this.#wait(run, request);
        return;
      } catch (error) {
        if (run.means === request.means || isAborted(request.signal)) throw error;
      }
    }
  }

  /** Whether work of the key is under way. */
  isRunning(key: string): boolean {
    return this.#runs.has(key);
  }

  #start(request: WorkRequest<Progress>): Run<Progress> {
    const abort = new AbortController();
    const listeners: Run<Progress>['listeners'] = new Set();
    const run: Run<Progress> = {
      means: request.means,
      abort,
      listeners,
      waiters: 0,
      // The work begins in a later microtask, when this run is in the table.
      done: Promise.resolve()
        .then(() =>
          request.work(abort.signal, (progress) => {
            run.last = progress;
            for (const listener of [...listeners]) listener(progress);
          }),
        )
        .finally(() => {
          this.#runs.delete(request.key);
        }),
    };
    this.#runs.set(request.key, run);
    return run;
  }

  async #wait(run: Run<Progress>, request: WorkRequest<Progress>): Promise<void> {
    const { signal, onProgress } = request;
    const left = Promise.withResolvers<'left'>();
    const leave = (): void => {
      left.resolve('left');
    };
    run.waiters += 1;
    if (onProgress) {
      run.listeners.add(onProgress);
      if (run.last !== undefined) onProgress(run.last);
    }
    signal?.addEventListener('abort', leave);
    try {
      const outcome = await Promise.race([run.done, left.promise]);
      if (outcome !== 'left') return;
    } finally {
      signal?.removeEventListener('abort', leave);
      if (onProgress) run.listeners.delete(onProgress);
      run.waiters -= 1;
    }
    if (run.waiters === 0) {
      run.abort.abort();
      await run.done.catch(() => undefined);
    }
    throw cancelledError(request.key);
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
