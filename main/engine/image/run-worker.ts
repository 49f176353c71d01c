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

/**
 * Runs a job in a worker thread of its own, which has ended when this settles.
 * @throws AppError `image/layer-corrupt`, `image/layer-unsafe`, `image/unsupported`,
 *   `store/no-space`, `store/corrupt`, `operation/cancelled`
 */
export async function runWorker(
  job: WorkerJob,
  options: WorkerOptions,
): Promise<ComposedRoot | undefined> {
  if (options.signal?.aborted === true) throw cancelledError(options.what);
  const worker = new Worker(new URL('./layer-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: {
      maxYoungGenerationSizeMb: youngHeapMiB,
      maxOldGenerationSizeMb: workerHeapMiB,
    },
  });
  const ended = Promise.withResolvers<ComposedRoot | undefined>();
  const cancel = (): void => {
    ended.reject(cancelledError(options.what));
  };
  options.signal?.addEventListener('abort', cancel, { once: true });
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'progress') options.onProgress?.(message.blobBytes);
    else if (message.type === 'done') ended.resolve(message.root);
    else ended.reject(asError(message, options.what));
  });
  worker.on('error', (error: unknown) => {
    ended.reject(crashed(error, options.what));
  });
  worker.on('exit', () => {
    ended.reject(new Error(`${options.what}: the worker ended without an answer.`));
  });
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
    await worker.terminate();
  }
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
