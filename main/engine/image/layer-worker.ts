/** Entry of the worker threads that unpack and compare layers and compose roots: heavy work off the main thread. */
import { parentPort } from 'node:worker_threads';
import { compareLayer } from './check/compare-layer.ts';
import { composeRoot, type ComposedRoot, type ComposeJob } from './compose.ts';
import { GrowingSource, type Growth } from './growing-source.ts';
import { openBlob, readBytes, unpackLayer, type BlobBytes, type LayerJob } from './layer-unpack.ts';
import { LayerProblem } from './layer-problem.ts';
import type { ErrorCode } from '../../contract/error-codes.ts';

type BlobFile = { readonly path: string } | { readonly growingFile: number };

/** What a worker is to do. */
export type WorkerJob =
  | ({
      readonly kind: 'unpack';
      /** A whole file, or the descriptor of one that grows as {@link Growth} messages say. */
      readonly blob: BlobFile;
    } & LayerJob)
  | ({ readonly kind: 'compare'; readonly blob: { readonly path: string } } & LayerJob)
  | ({ readonly kind: 'compose' } & ComposeJob);

/** What a worker says of a job; after `done` or `failed` it takes the next. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly blobBytes: number }
  | { readonly type: 'done'; readonly root?: ComposedRoot }
  | {
      readonly type: 'failed';
      /** Unset for an error that is no LayerProblem. */
      readonly code?: ErrorCode;
      /** `ENOSPC` and its like. */
      readonly systemCode?: string;
      readonly message: string;
    };

const progressIntervalMs = 50;

async function run(job: WorkerJob): Promise<WorkerMessage> {
  if (job.kind === 'compose') return { type: 'done', root: composeRoot(job) };
  let lastAtMs = 0;
  const work = job.kind === 'unpack' ? unpackLayer : compareLayer;
  await work(job, openSource(job.blob), (blobBytes) => {
    const nowMs = performance.now();
    if (nowMs - lastAtMs < progressIntervalMs) return;
    lastAtMs = nowMs;
    post({ type: 'progress', blobBytes });
  });
  return { type: 'done' };
}

/** What the job reads, where that grows. */
let growing: GrowingSource | undefined;

function openSource(blob: BlobFile): BlobBytes {
  if ('path' in blob) return openBlob(blob.path);
  growing = new GrowingSource(blob.growingFile, readBytes);
  return growing;
}

function failure(error: unknown): WorkerMessage {
  if (error instanceof LayerProblem) {
    return { type: 'failed', code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  const systemCode =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : undefined;
  return { type: 'failed', message, ...(systemCode === undefined ? {} : { systemCode }) };
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

// One job at a time: the next comes when this one has been answered.
parentPort?.on('message', (message: WorkerJob | Growth) => {
  if (!('kind' in message)) {
    growing?.grow(message);
    return;
  }
  growing = undefined;
  void run(message).catch(failure).then(post);
});
