/** The changes of a sandbox's disk as a new image. */
import type { z } from 'zod';
import { familiarReference } from '../../contract/image-reference.ts';
import type { imageInputs } from '../../contract/image-inputs.ts';
import type { Agent } from '../agent/agent.ts';
import { AppError } from '../base/app-error.ts';
import { parseReference } from '../image/parse-reference.ts';
import type { LayerCommit } from '../image/commit-layer.ts';
import type { CommitOptions } from '../image/image-commits.ts';
import { limits } from '../image/limits.ts';
import type { PreparedImage, PullProgress } from '../image/types.ts';
import { bootStages } from './boot-sandbox.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { rootStage } from './images/pull-stages.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';

/** What to commit, and as what. */
export type CommitRequest = z.output<typeof imageInputs.commit>;

/** The part of the image library that a commit needs. */
export interface CommitStore {
  commit(reference: string, commit: LayerCommit, options: CommitOptions): Promise<PreparedImage>;
}

/** The guest that reads the disk; `stop` ends one that was booted for it. */
export interface DiskReader {
  readonly agent: Agent;
  readonly stop?: () => Promise<void>;
}

const readStage: PlannedStage = { key: 'read', label: 'Read the changes' };
const stopStage: PlannedStage = { key: 'stop', label: 'Stop' };
const unpackStage: PlannedStage = { key: 'unpack', label: 'Unpack the layer' };
const progressIntervalMs = 100;
const bytesPerMiB = 1024 * 1024;

/** The stages of a commit; a sandbox that is stopped is booted for it. */
export function commitStages(isRunning: boolean): readonly PlannedStage[] {
  const read = isRunning ? [readStage] : [...bootStages, readStage, stopStage];
  return [...read, unpackStage, rootStage];
}

/**
 * What of the sandbox is an image.
 * @throws AppError `image/nothing-to-commit` where none of it is
 */
export function committableRoot(record: SandboxRecord): Extract<RootRecord, { kind: 'image' }> {
  const { root, config } = record;
  if (root.kind === 'image') return root;
  const what = root.kind === 'disk' ? 'a disk image' : 'a directory';
  const message = `The root of "${config.name}" is ${what}, ${root.path}, and no image is below its changes.`;
  throw new AppError('image/nothing-to-commit', message);
}

/** The new image. What fails or is cancelled leaves none, and no machine that was booted for it. */
export async function commitDisk(
  request: CommitRequest,
  record: SandboxRecord,
  openReader: () => Promise<DiskReader>,
  store: CommitStore,
  progress: OperationProgress,
): Promise<void> {
  const { reference, message, author } = request;
  const { digest, reference: base } = committableRoot(record);
  const reader = await openReader();
  try {
    const image = await store.commit(
      reference,
      {
        base: { reference: base, digest },
        tar: readTar(reader, progress),
        maxTarBytes: maxTarBytes(record.config.rootDiskMiB),
        history: { createdBy: `skerry commit ${request.sandbox}`, comment: message, author },
      },
      { signal: progress.signal, ...reportTo(progress) },
    );
    progress.finish(rootStage.key);
    progress.bring({ references: [familiarReference(image.reference)], digest: image.digest });
  } finally {
    await reader.stop?.();
  }
}

/** Ends the machine as soon as the disk was read: what follows takes as long again. */
async function* readTar(
  { agent, stop }: DiskReader,
  progress: OperationProgress,
): AsyncIterable<Uint8Array> {
  progress.begin(readStage.key);
  const onLeftOut = (text: string): void => {
    progress.output(`Left out:\n${text}`);
  };
  yield* agent.changes({ signal: progress.signal, onLeftOut });
  progress.finish(readStage.key);
  if (stop === undefined) return;
  progress.begin(stopStage.key);
  await stop();
  progress.finish(stopStage.key);
}

/** What a disk can hold and a header for each of its many small files; no more than is unpacked. */
function maxTarBytes(rootDiskMiB: number): number {
  return Math.min(Math.ceil(rootDiskMiB * 1.25 + 64) * bytesPerMiB, limits.tarBytes);
}

function reportTo(
  progress: OperationProgress,
): Required<Pick<CommitOptions, 'onTarBytes' | 'onProgress'>> {
  let lastAtMs = 0;
  return {
    onTarBytes: (bytesDone) => {
      const nowMs = performance.now();
      if (nowMs - lastAtMs < progressIntervalMs) return;
      lastAtMs = nowMs;
      progress.update(readStage.key, { bytesDone });
    },
    onProgress: (step: PullProgress) => {
      if (step.type === 'resolved') progress.begin(unpackStage.key);
      if (step.type === 'layer' && step.phase === 'unpack') {
        const { bytesDone, bytesTotal } = step;
        progress.update(unpackStage.key, { bytesDone, bytesTotal });
      }
      if (step.type !== 'root' || step.phase !== 'start') return;
      progress.finish(unpackStage.key);
      progress.begin(rootStage.key);
    },
  };
}

/**
 * Looks at the name before a machine is booted for it.
 * @throws AppError `image/reference-invalid`
 */
export function checkCommitReference(reference: string): void {
  if (parseReference(reference).digest === undefined) return;
  const message = `${reference} names an image by its digest, which a new image cannot have.`;
  throw new AppError('image/reference-invalid', message, { hint: 'Name it by a tag.' });
}
