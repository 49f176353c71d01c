/** Entry of the worker threads that unpack and compare layers and compose roots: heavy work off the main thread. */
import { parentPort } from 'node:worker_threads';
import { compareLayer } from './check/compare-layer.ts';
import { composeRoot, type ComposedRoot, type ComposeJob } from './compose.ts';
import { unpackLayer, type LayerJob } from './layer-unpack.ts';
import { LayerProblem } from './layer-problem.ts';
import type { ErrorCode } from '../../contract/error-codes.ts';

/** What a worker is to do. */
export type WorkerJob =
  | ({ readonly kind: 'unpack' | 'compare' } & LayerJob)
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
  await work(job, (blobBytes) => {
    const nowMs = performance.now();
    if (nowMs - lastAtMs < progressIntervalMs) return;
    lastAtMs = nowMs;
    post({ type: 'progress', blobBytes });
  });
  return { type: 'done' };
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
parentPort?.on('message', (job: WorkerJob) => {
  void run(job).catch(failure).then(post);
});
