/** From what was kept of a sandbox to the files of one that goes on from it. */
import { mkdir, rm } from 'node:fs/promises';
import type { Accelerator } from '../../../contract/sandbox.ts';
import { AppError } from '../../base/app-error.ts';
import { missingFiles } from '../../snapshot/chain-files.ts';
import type { DiskChain } from '../../snapshot/disk-chain.ts';
import { adoptChain } from '../../snapshot/freeze-chain.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import type { SnapshotFiles } from '../../snapshot/snapshot-store.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import { belowDisk } from '../disk-of-record.ts';
import type { OperationProgress } from '../operation-tracker.ts';
import { presentHost, type VersionTools } from '../power/present-host.ts';
import { readSavedMachine, whyUnusable, type SavedMachine } from '../power/saved-machine.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { SandboxFiles } from '../sandbox-records.ts';
import { linkMemory, seedParts } from './keep-sandbox.ts';
import { adoptSeed } from './keep-seed.ts';
import { shapeWithDisk } from './record-disk.ts';

/** What was kept, and where. */
export interface KeptState {
  readonly files: SnapshotFiles;
  readonly disk: DiskChain;
  readonly root: RootRecord;
  readonly hasMemory: boolean;
}

/** What says whether a saved machine can go on here. */
export interface PresentTools extends VersionTools {
  readonly loadAssets: () => Promise<GuestAssets>;
  readonly chooseAccelerator: () => Promise<Accelerator>;
}

/** Why what was kept of a memory cannot go on here; undefined where it can. */
export async function memoryProblem(
  files: SnapshotFiles,
  tools: PresentTools,
): Promise<string | undefined> {
  try {
    const [saved, assets, accelerator] = await Promise.all([
      readSavedMachine(files.memoryDir),
      tools.loadAssets(),
      tools.chooseAccelerator(),
    ]);
    return whyUnusable(saved, await presentHost(assets, accelerator, tools));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Whether its memory goes on: what was asked for, or what can be.
 * @throws AppError `snapshot/memory-unusable` where it was asked for and cannot be
 */
export async function decideGoingOn(
  kept: KeptState,
  wanted: boolean | undefined,
  tools: PresentTools,
): Promise<boolean> {
  if (wanted === false) return false;
  const why = kept.hasMemory
    ? await memoryProblem(kept.files, tools)
    : 'It has none: its disk alone was kept.';
  if (why === undefined) return true;
  // What has a memory is gone on with, or the one who asked decides without.
  if (wanted === undefined && !kept.hasMemory) return false;
  throw new AppError('snapshot/memory-unusable', `The memory cannot be used. ${why}`);
}

/** @throws AppError `snapshot/damaged` */
async function checkKept({ files, disk }: KeptState): Promise<void> {
  const [missing] = await missingFiles(files.dir, disk);
  if (missing === undefined) return;
  throw new AppError('snapshot/damaged', `${missing} is not there any more.`);
}

/**
 * Puts a writable disk that begins with the kept one into a folder, beside what is there.
 * @throws AppError `snapshot/damaged`, `store/no-space`, `operation/cancelled`
 */
export async function takeUpDisk(
  kept: KeptState,
  to: SandboxFiles,
  progress: OperationProgress,
  stage: string,
): Promise<DiskChain> {
  await checkKept(kept);
  await mkdir(to.dir, { recursive: true, mode: 0o700 });
  return adoptChain(kept.files.dir, kept.disk, to.dir, {
    signal: progress.signal,
    below: belowDisk(kept.root, kept.disk),
    onProgress: (done) => {
      progress.update(stage, { note: `${String(Math.floor(done * 100))} %` });
    },
  });
}

/**
 * Puts the kept memory where that of a suspended sandbox is, with the seed disk that it knows.
 * @returns what the record says of it: its sandbox goes on from there when it is started
 */
export async function takeUpMemory(
  kept: KeptState,
  disk: DiskChain,
  to: SandboxFiles,
): Promise<Pick<Required<SandboxRecord>, 'run' | 'suspended'>> {
  const saved: SavedMachine = await readSavedMachine(kept.files.memoryDir);
  const machine = shapeWithDisk(saved.machine, kept.root, disk);
  await rm(to.suspendDir, { recursive: true, force: true });
  await linkMemory(kept.files.memoryDir, to.suspendDir, { ...saved, machine });
  await adoptSeed(seedParts(kept.files), to.seed);
  const { accelerator } = machine;
  return {
    run: { startedAtMs: Date.now(), bootMs: 0, accelerator, beganBy: saved.beganBy, machine },
    suspended: { atMs: saved.savedAtMs, memoryBytes: saved.stateBytes },
  };
}
