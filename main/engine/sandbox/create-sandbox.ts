/** The work of a creation, up to a sandbox that can boot. What fails is undone by the caller. */
import type { Credential } from '../../contract/registry.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { AppError } from '../base/app-error.ts';
import type { ResolvedRoot } from '../config/look-at-root.ts';
import { createForkDisk } from '../host/disk-image.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import { writeSeedDisk } from '../image/seed-disk.ts';
import type { PreparedImage, PullProgress } from '../image/types.ts';
import { bootStages } from './boot-sandbox.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { hasUpperDisk } from './has-upper-disk.ts';
import { needsSeed, seedContents } from './plan-boot.ts';
import { reportPull, resolveStage, rootStage } from './images/pull-stages.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { SandboxFiles, SandboxRecords } from './sandbox-records.ts';

/** The part of the image library that creating needs. */
export interface ImageProvider {
  get(reference: string): Promise<PreparedImage | undefined>;
  pull(
    reference: string,
    options: {
      readonly credential?: Credential | undefined;
      readonly signal: AbortSignal;
      readonly onProgress: (step: PullProgress) => void;
    },
  ): Promise<PreparedImage>;
}

/** What creating needs of the engine. */
export interface CreateTools {
  readonly images: ImageProvider;
  readonly records: SandboxRecords;
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly createUpperDisk: (assets: GuestAssets, file: string, sizeMiB: number) => Promise<void>;
}

/** A sandbox that is to be made. */
export interface Creation extends Pick<SandboxRecord, 'id' | 'config' | 'createdAtMs'> {
  readonly root: ResolvedRoot;
  /** Whose place it takes. */
  readonly replaces: string | undefined;
}

/** The stages of a creation; those of the layers come when they are known. */
export function createStages(
  root: ResolvedRoot,
  beforeBoot: readonly PlannedStage[] = [],
): PlannedStage[] {
  const resolve = root.kind === 'image' ? [resolveStage(root.reference)] : [];
  return [...resolve, rootStage, ...beforeBoot, ...bootStages];
}

/** Gets the root, writes the record and makes what the machine needs. */
export async function prepareSandbox(
  creation: Creation,
  tools: CreateTools,
  progress: OperationProgress,
): Promise<SandboxRecord> {
  const { id, config, createdAtMs, replaces } = creation;
  const root = await obtainRoot(creation.root, config, tools.images, progress);
  progress.signal.throwIfAborted();
  const record: SandboxRecord = {
    version: 2,
    id,
    phase: 'creating',
    config,
    root,
    isPatched: false,
    ...(replaces === undefined ? {} : { replaces }),
    createdAtMs,
  };
  await tools.records.save(record);
  await makeDisks(record, tools.records.files(id), tools, progress.signal);
  progress.finish('root');
  return record;
}

/** The files that a sandbox's machine needs besides those of the store. */
export async function makeDisks(
  record: SandboxRecord,
  files: SandboxFiles,
  tools: CreateTools,
  signal: AbortSignal,
): Promise<void> {
  const { config, root } = record;
  if (hasUpperDisk(config, root)) {
    await tools.createUpperDisk(await tools.loadAssets(), files.upperDisk, config.rootDiskMiB);
  }
  if (root.kind === 'disk' && root.isForked) {
    await createForkDisk({ base: root, file: files.forkDisk, signal });
  }
  if (needsSeed(record)) await writeSeedDisk(files.seed, seedContents(record), signal);
}

async function obtainRoot(
  root: ResolvedRoot,
  config: SandboxConfig,
  images: ImageProvider,
  progress: OperationProgress,
): Promise<RootRecord> {
  switch (root.kind) {
    case 'image':
      return imageRecord(await obtainImage(config, images, progress));
    case 'directory':
      progress.begin('root');
      return { kind: 'directory', path: root.path };
    case 'disk': {
      progress.begin('root');
      const { path, format, virtualBytes } = root;
      const backing = root.backing.map((file) => ({ path: file.path, format: file.format }));
      const below = new Set(backing.map((file) => file.path));
      const otherFiles = root.backingFiles.filter((file) => !below.has(file));
      const isForked = config.root.fork === true;
      return { kind: 'disk', path, format, virtualBytes, backing, otherFiles, isForked };
    }
  }
}

function imageRecord({ reference, digest, config }: PreparedImage): RootRecord {
  return {
    kind: 'image',
    reference,
    digest,
    defaults: {
      env: [...config.env],
      ...(config.workdir === undefined ? {} : { workdir: config.workdir }),
      ...(config.user === undefined ? {} : { user: config.user }),
      entrypoint: [...config.entrypoint],
      cmd: [...config.cmd],
    },
  };
}

/** The image of the store or of its registry, as the pull policy says. */
async function obtainImage(
  { image: reference, pullPolicy }: SandboxConfig,
  images: ImageProvider,
  progress: OperationProgress,
): Promise<PreparedImage> {
  progress.begin('resolve');
  const stored = pullPolicy === 'always' ? undefined : await images.get(reference);
  if (stored !== undefined) {
    progress.finish('resolve', 'in store');
    progress.begin('root');
    return stored;
  }
  if (pullPolicy === 'never') {
    const message = `The image ${reference} is not in the store, and the pull policy is "never".`;
    throw new AppError('image/not-stored', message);
  }
  return images.pull(reference, { signal: progress.signal, onProgress: reportPull(progress) });
}
