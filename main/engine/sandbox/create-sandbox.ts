/** The work of a creation, up to a sandbox that runs. What fails is undone by the caller. */
import type { PreparedImage, PullProgress } from '../image/types.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { reportPull, resolveStage, rootStage } from './pull-stages.ts';
import { bootStages } from './boot-sandbox.ts';

import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxRecords } from './sandbox-records.ts';

/** The part of the image library that creating needs. */
export interface ImageProvider {
  get(reference: string): Promise<PreparedImage | undefined>;
  pull(
    reference: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (step: PullProgress) => void },
  ): Promise<PreparedImage>;
}

/** What creating needs of the engine. */
export interface CreateTools {
  readonly images: ImageProvider;
  readonly records: SandboxRecords;
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly createUpperDisk: (assets: GuestAssets, file: string, sizeMiB: number) => Promise<void>;
}

/** The stages of a creation; those of the layers come when they are known. */
export function createStages(reference: string): PlannedStage[] {
  return [resolveStage(reference), rootStage, ...bootStages];
}

/** Gets the image, writes the record and makes the writable disk. */
export async function prepareSandbox(
  sandbox: Pick<SandboxRecord, 'id' | 'config' | 'createdAtMs'>,
  tools: CreateTools,
  progress: OperationProgress,
): Promise<SandboxRecord> {
  const image = await obtainImage(sandbox.config.image, tools.images, progress);
  progress.signal.throwIfAborted();
  const record: SandboxRecord = {
    version: 1,
    id: sandbox.id,
    phase: 'creating',
    config: sandbox.config,
    image: {
      reference: image.reference,
      digest: image.digest,
      defaults: {
        env: [...image.config.env],
        ...(image.config.workdir === undefined ? {} : { workdir: image.config.workdir }),
        ...(image.config.user === undefined ? {} : { user: image.config.user }),
        entrypoint: [...image.config.entrypoint],
        cmd: [...image.config.cmd],
      },
    },
    createdAtMs: sandbox.createdAtMs,
  };
  await tools.records.save(record);
  const assets = await tools.loadAssets();
  const { upperDisk } = tools.records.files(sandbox.id);
  await tools.createUpperDisk(assets, upperDisk, sandbox.config.rootDiskMiB);
  progress.finish('root');
  return record;
}

/** The image of the store, or else of its registry. */
async function obtainImage(
  reference: string,
  images: ImageProvider,
  progress: OperationProgress,
): Promise<PreparedImage> {
  progress.begin('resolve');
  const stored = await images.get(reference);
  if (stored !== undefined) {
    progress.finish('resolve', 'in store');
    progress.begin('root');
    return stored;
  }
  return images.pull(reference, { signal: progress.signal, onProgress: reportPull(progress) });
}
