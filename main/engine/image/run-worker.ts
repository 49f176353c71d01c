/** Worker threads for heavy work. Starting one takes longer than most jobs, so they are used again. */
import { Worker } from 'node:worker_threads';
import { AppError, cancelledError } from '../base/app-error.ts';
import { asDiskError } from '../base/disk-error.ts';
import type { GrowingBlob } from '../oci/growing-blob.ts';
import type { ComposedRoot } from './compose.ts';
import type { Growth } from './growing-source.ts';
import type { WorkerJob, WorkerMessage } from './layer-worker.ts';

/** What {@link runWorker} takes besides the job. */
export interface WorkerOptions {
  /** What the job is, for messages: `Layer sha256:…`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((blobBytes: number) => void) | undefined;
  /** What the job reads, where that still grows. */
  readonly growing?: GrowingBlob | undefined;
}

/** An image within the bounds of limits.ts is merged with this much; a hostile one ends here. */
const workerHeapMiB = 4096;
/** A small one is collected often, and with it the buffers that zlib has done with. */
const youngHeapMiB = 2;
/** How long a thread waits for the next job, and how many do; each takes some 40 MiB. */
const idleMs = 5000;
const mostIdle = 2;

interface IdleWorker {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
  /** Forgets it; for one that ends by itself, which is no use and is not missed. */
  readonly onEnd: () => void;
}

/** Threads that have no job; they keep no process alive. */
const idle: IdleWorker[] = [];

/** Starts a thread that the next job finds ready, unless one is. */
export function warmWorker(): void {
  if (idle.length === 0) keep(startWorker());
}

/**
 * Runs a job in a worker thread. One that is cancelled has ended when this settles, with its
 * thread.
 * @throws AppError `image/layer-corrupt`, `image/layer-unsafe`, `image/unsupported`,
 *   `store/no-space`, `store/corrupt`, `operation/cancelled`
 */
export async function runWorker(
  job: WorkerJob,
  options: WorkerOptions,
): Promise<ComposedRoot | undefined> {
  if (options.signal?.aborted === true) throw cancelledError(options.what);
  const worker = takeIdle() ?? startWorker();
  worker.ref();
  const ended = Promise.withResolvers<ComposedRoot | undefined>();
  let answer: WorkerMessage | undefined;
  const cancel = (): void => {
    ended.reject(cancelledError(options.what));
  };
  options.signal?.addEventListener('abort', cancel, { once: true });
  const onMessage = (message: WorkerMessage): void => {
    if (message.type === 'progress') {
      options.onProgress?.(message.blobBytes);
      return;
    }
    answer = message;
    if (message.type === 'done') ended.resolve(message.root);
    else ended.reject(asError(message, options.what));
  };
  const onError = (error: unknown): void => {
    ended.reject(crashed(error, options.what));
  };
  const onExit = (): void => {
    ended.reject(new Error(`${options.what}: the worker ended without an answer.`));
  };
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  worker.postMessage(job);
  const { growing } = options;
  const tell = (): void => {
    if (growing === undefined) return;
    if (growing.state === 'failed') ended.reject(new Error(`${options.what} did not come whole.`));
    const { readableBytes, state } = growing;
    worker.postMessage({ readableBytes, isComplete: state === 'complete' } satisfies Growth);
  };
  const stopTelling = growing?.onChange(tell);
  tell();
  try {
    return await ended.promise;
  } finally {
    stopTelling?.();
    options.signal?.removeEventListener('abort', cancel);
    // Removing all listeners would remove those of Node as well.
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    if (answer !== undefined && idle.length < mostIdle) keep(worker);
    else await end(worker);
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./layer-worker.ts', import.meta.url), {
    resourceLimits: {
      maxYoungGenerationSizeMb: youngHeapMiB,
      maxOldGenerationSizeMb: workerHeapMiB,
    },
  });
}

function keep(worker: Worker): void {
  worker.unref();
  const onEnd = (): void => {
    forget(entry);
  };
  const timer = setTimeout(() => {
    forget(entry);
    void end(worker);
  }, idleMs).unref();
  const entry: IdleWorker = { worker, timer, onEnd };
  worker.on('error', onEnd).on('exit', onEnd);
  idle.push(entry);
}

/** What it throws while it ends is heard and nobody's: unheard it would end this process. */
async function end(worker: Worker): Promise<void> {
  worker.on('error', () => undefined);
  await worker.terminate();
}

function takeIdle(): Worker | undefined {
  const entry = idle.at(-1);
  if (entry === undefined) return undefined;
  forget(entry);
  return entry.worker;
}

function forget(entry: IdleWorker): void {
  const { worker, timer, onEnd } = entry;
  clearTimeout(timer);
  worker.off('error', onEnd).off('exit', onEnd);
  const index = idle.indexOf(entry);
  if (index >= 0) idle.splice(index, 1);
}

function asError(message: Extract<WorkerMessage, { type: 'failed' }>, what: string): unknown {
  if (message.code !== undefined) return new AppError(message.code, `${what}: ${message.message}`);
  const error = Object.assign(new Error(`${what}: ${message.message}`), {
    code: message.systemCode,
  });
  return asDiskError(error, what);
}

function crashed(error: unknown, what: string): unknown {
  const outOfMemory =
    error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (!outOfMemory) return error;
  return new AppError('image/unsupported', `${what} is too large for the memory it may use.`);
}
