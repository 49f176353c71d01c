/** A sandbox becomes what a snapshot has kept. */
import { rm } from 'node:fs/promises';
import { AppError } from '../../base/app-error.ts';
import { removeStrayFiles } from '../../snapshot/chain-files.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import type { SnapshotRecord } from '../../snapshot/snapshot-record.ts';
import { diskOf } from '../disk-of-record.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import { goOnStages } from '../power/go-on.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { SnapshotTools } from './snapshot-tools.ts';
import { takeUpDisk, takeUpMemory, type KeptState } from './take-up-snapshot.ts';

const diskStage: PlannedStage = { key: 'disk', label: 'Take up the disk' };
const endStage: PlannedStage = { key: 'end', label: 'End what runs' };

/** The stages of a restore. */
export function restoreStages(goesOn: boolean): readonly PlannedStage[] {
  return [diskStage, endStage, ...(goesOn ? goOnStages : [])];
}

/** @throws AppError `snapshot/not-possible` where the two rest on different things */
export function checkRestorable(record: SandboxRecord, snapshot: SnapshotRecord): void {
  const { config } = record;
  const hasDisk = diskOf({ ...record, disk: snapshot.disk }) !== undefined;
  if (hasDisk && baseOf(record.root) === baseOf(snapshot.root)) return;
  const message = `The disk of "${snapshot.name}" does not fit "${config.name}": they rest on different things.`;
  throw new AppError('snapshot/not-possible', message, {
    hint: 'Branch a new sandbox from the snapshot.',
  });
}

/** What is below the disk; disks above the same can be compared and exchanged. */
export function baseOf(root: RootRecord): string {
  switch (root.kind) {
    case 'image':
      return `image ${root.digest}`;
    case 'directory':
      return `directory ${root.path}`;
    case 'disk':
      return `disk ${root.path} ${root.isForked ? 'forked' : 'itself'}`;
  }
}

/**
 * Puts a sandbox back to a snapshot, whatever it does: its machine is ended at once. What fails
 * before its record names the new disk leaves the disk as it was. The configuration stays its own,
 * but for CPUs and memory where a memory goes on, which are those that it knows.
 */
export async function restoreSnapshot(
  life: SandboxLife,
  snapshot: SnapshotRecord,
  kept: KeptState,
  goesOn: boolean,
  { tools }: Pick<SnapshotTools, 'tools'>,
  progress: OperationProgress,
): Promise<void> {
  const files = tools.records.files(life.id);
  progress.begin(diskStage.key);
  try {
    const disk = await takeUpDisk(kept, files, progress, diskStage.key);
    progress.finish(diskStage.key);
    progress.signal.throwIfAborted();
    progress.begin(endStage.key);
    await life.end(0);
    await life.discardMemory();
    const memory = goesOn ? await takeUpMemory(kept, disk, files) : {};
    if (life.record === undefined) throw new Error('A sandbox that is restored has a record.');
    const { run: _run, lastError: _ended, isNewcomer: _unknown, ...rest } = life.record;
    const { cpus, memoryMiB } = snapshot.config;
    await life.putBack({
      ...rest,
      config: goesOn ? { ...rest.config, cpus, memoryMiB } : rest.config,
      isPatched: snapshot.isPatched,
      disk: [...disk],
      basedOn: snapshot.id,
      // What was another sandbox's is told who it is now.
      ...(snapshot.sandbox.id === life.id ? {} : { isNewcomer: true }),
      ...memory,
    });
    progress.finish(endStage.key);
  } catch (error) {
    await undo(life, files);
    throw error;
  }
  await undo(life, files);
  if (goesOn) await life.goOn(progress);
}

/** Takes away what the record does not name: the new disk where it failed, the old one where not. */
async function undo(life: SandboxLife, files: { dir: string; suspendDir: string }): Promise<void> {
  const disk = life.record === undefined ? undefined : diskOf(life.record);
  if (disk !== undefined) await removeStrayFiles(files.dir, disk);
  if (life.record?.suspended === undefined && !life.isAlive) {
    await rm(files.suspendDir, { recursive: true, force: true });
  }
}
