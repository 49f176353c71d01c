/**
 * A sandbox as it is at one moment, kept in a folder: its disk, and its memory where it has one. It
 * goes on as it was, and stands still for no longer than its memory takes to be written.
 */
import { link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../base/app-error.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import type { DiskChain } from '../../snapshot/disk-chain.ts';
import { freezeChain, type WhileStill } from '../../snapshot/freeze-chain.ts';
import type { SnapshotFiles } from '../../snapshot/snapshot-store.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import type { MachineShape } from '../power/machine-shape.ts';
import {
  manifestFile,
  readSavedMachine,
  saveMachine,
  statePathOf,
  type SavedMachine,
} from '../power/saved-machine.ts';
import type { RunningMachine } from '../running-machine.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { SandboxFiles } from '../sandbox-records.ts';
import { linkSeed } from './keep-seed.ts';
import { shapeWithDisk, withDisk, writtenSerial } from './record-disk.ts';
import { keepableDisk, whyNoMemory } from './snapshot-limits.ts';

/** The stages of keeping one; that of the memory is skipped where none is kept. */
export const keepStages: readonly PlannedStage[] = [
  { key: 'memory', label: 'Write the memory' },
  { key: 'disk', label: 'Keep the disk' },
];

/** What was kept. */
export interface KeptSandbox {
  readonly record: SandboxRecord;
  readonly disk: DiskChain;
  readonly hasMemory: boolean;
}

/** Where a sandbox is, and where it is kept. */
export interface KeepPlaces {
  readonly from: SandboxFiles;
  readonly to: SnapshotFiles;
}

/**
 * Whether its memory is kept: what was asked for, or what can be.
 * @throws AppError `snapshot/not-possible` where it was asked for and cannot be
 */
export function decideMemory(life: SandboxLife, wanted: boolean | undefined): boolean {
  const { record } = life;
  if (wanted === false || record === undefined) return false;
  const why = life.isIdle ? 'It does not run.' : whyNoMemory(record);
  if (why === undefined) return true;
  if (wanted === undefined) return false;
  const message = `The memory of "${life.config.name}" cannot be kept. ${why}`;
  throw new AppError('snapshot/not-possible', message);
}

/**
 * Keeps a sandbox; the folder is the caller's to remove where this fails.
 * @throws AppError `snapshot/not-possible`, `vm/save-failed`, `agent/…`, `store/no-space`,
 *   `operation/cancelled`
 */
export async function keepSandbox(
  life: SandboxLife,
  places: KeepPlaces,
  hasMemory: boolean,
  progress: OperationProgress,
): Promise<KeptSandbox> {
  const { record } = life;
  if (record === undefined) throw new Error('A sandbox that is kept has a record.');
  const chain = keepableDisk(record);
  const machine = life.isAlive ? life.anyMachine : undefined;
  if (hasMemory) await linkSeed(places.from.seed, seedParts(places.to));
  else progress.skip('memory');
  const owner = {
    dir: places.from.dir,
    chain,
    save: (disk: DiskChain) => saveDisk(life, places.from, disk),
    ...(machine === undefined ? {} : { switchTop: switchDisk(machine, record) }),
  };
  const still = stillness(life, machine, record, places, hasMemory, progress);
  const disk = await freezeChain(owner, places.to.dir, still, progress.signal);
  if (machine === undefined && hasMemory) await keepSuspended(places);
  progress.finish('disk');
  return { record, disk, hasMemory };
}

/** Seed disk of a snapshot's folder. */
export function seedParts(files: SnapshotFiles): { metadata: string; data: string } {
  return { metadata: files.seedMetadata, data: files.seedData };
}

/**
 * The record first. What a suspended machine goes on with is told after: until then it would write
 * to a file that is not yet anyone else's.
 */
async function saveDisk(life: SandboxLife, files: SandboxFiles, disk: DiskChain): Promise<void> {
  await life.amend((record) => withDisk(record, disk));
  if (life.record?.suspended === undefined) return;
  const saved = await readSavedMachine(files.suspendDir);
  const { root } = life.record;
  await writeManifest(files.suspendDir, {
    ...saved,
    machine: shapeWithDisk(saved.machine, root, disk),
  });
}

/** Writes `saved.json`, in place of the one that is there. */
async function writeManifest(folder: string, saved: SavedMachine): Promise<void> {
  await writeFileAtomic(path.join(folder, manifestFile), `${JSON.stringify(saved, null, 2)}\n`);
}

function switchDisk(machine: RunningMachine, { root }: SandboxRecord) {
  return (overlay: string): Promise<void> =>
    machine.vm.switchDisks([{ serial: writtenSerial(root), path: overlay }]);
}

function stillness(
  life: SandboxLife,
  machine: RunningMachine | undefined,
  record: SandboxRecord,
  { to }: KeepPlaces,
  hasMemory: boolean,
  progress: OperationProgress,
): WhileStill {
  if (machine === undefined) {
    return async (work) => {
      progress.begin('disk');
      await work();
    };
  }
  if (hasMemory) return withMemory(machine, record, to.memoryDir, progress);
  progress.begin('disk');
  if (machine.vm.isPaused) return (work) => work();
  return async (work) => {
    const { agent } = life.machine;
    await agent.freeze(progress.signal);
    try {
      await work();
    } catch (error) {
      await agent.thaw().catch(() => undefined);
      throw error;
    }
    // It fails where the guest has written again meanwhile: the disk is not of one moment then.
    await agent.thaw();
  };
}

function withMemory(
  machine: RunningMachine,
  { run }: SandboxRecord,
  folder: string,
  progress: OperationProgress,
): WhileStill {
  const shape: MachineShape | undefined = run?.machine;
  if (shape === undefined) throw new Error('It is not known what the machine is.');
  return async (work) => {
    progress.begin('memory');
    const wasPaused = machine.vm.isPaused;
    // So that the disk is whole by itself too, but for what is written in the next moment.
    if (!wasPaused) await settleDisk(machine);
    const about = { machine: shape, beganBy: run?.beganBy ?? 'cold' } as const;
    const saved = await saveMachine(machine, about, folder, {
      signal: progress.signal,
      whilePaused: work,
      onProgress: (bytesDone) => {
        progress.update('memory', { bytesDone });
      },
    });
    if (!wasPaused) await machine.resume();
    progress.update('memory', { bytesDone: saved.stateBytes, bytesTotal: saved.stateBytes });
    progress.finish('memory');
    progress.begin('disk');
  };
}

async function settleDisk({ agent }: RunningMachine): Promise<void> {
  try {
    await agent.freeze();
    await agent.thaw();
  } catch {
    // What is in memory is kept all the same.
  }
}

/** Its memory is a file already, which is never written. */
async function keepSuspended({ from, to }: KeepPlaces): Promise<void> {
  await linkMemory(from.suspendDir, to.memoryDir, await readSavedMachine(from.suspendDir));
}

/** Gives another folder a saved machine: its state by a link, and what is said of it. */
export async function linkMemory(from: string, to: string, saved: SavedMachine): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  await link(statePathOf(from), statePathOf(to));
  await writeManifest(to, saved);
}
