/**
 * Takes the place of run-worker.ts where a test makes many small images: the same work without a
 * thread, which takes far longer to start than they take to make.
 */
import { AppError } from '../../base/app-error.ts';
import { composeRoot, type ComposedRoot } from '../compose.ts';
import { LayerProblem } from '../layer-problem.ts';
import { openBlob, unpackLayer } from '../layer-unpack.ts';
import type { WorkerJob } from '../layer-worker.ts';
import type { WorkerOptions } from '../run-worker.ts';

/** See run-worker.ts. */
export async function runWorker(
  job: WorkerJob,
  { what, onProgress }: WorkerOptions,
): Promise<ComposedRoot | undefined> {
  try {
    if (job.kind === 'compose') return composeRoot(job);
    if (job.kind === 'compare') throw new Error('Layers are compared in a thread.');
    if (!('path' in job.blob)) throw new Error('A blob that grows is followed in a thread.');
    await unpackLayer(job, openBlob(job.blob.path), (blobBytes) => onProgress?.(blobBytes));
    return undefined;
  } catch (error) {
    if (!(error instanceof LayerProblem)) throw error;
    throw new AppError(error.code, `${what}: ${error.message}`);
  }
}

/** See run-worker.ts; there is no thread to warm. */
export function warmWorker(): void {
  // Nothing is started beforehand.
}
