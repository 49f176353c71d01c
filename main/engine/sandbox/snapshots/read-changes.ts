/** What a disk has above what is below it: the guest that has it says so, or one that is booted. */
import { mkdir, readFile } from 'node:fs/promises';
import type { Agent } from '../../agent/agent.ts';
import { askFiles } from '../../agent/ask-files.ts';
import { AppError } from '../../base/app-error.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { changeListSchema, type ChangeList } from '../../snapshot/compare-files.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import type { SnapshotRecord } from '../../snapshot/snapshot-record.ts';
import type { DiskReader } from '../commit-sandbox.ts';
import { bootForMaintenance } from '../maintenance-boot.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import { filesIn } from '../sandbox-records.ts';
import type { SnapshotTools } from './snapshot-tools.ts';
import { takeUpDisk } from './take-up-snapshot.ts';

/** The stage of reading what a guest has. */
export const readStage: PlannedStage = { key: 'read', label: 'Read what has changed' };

/** @throws AppError `snapshot/not-possible` where no guest can tell */
export function checkComparable(root: RootRecord): void {
  if (root.kind !== 'disk') return;
  const message = `The root is the disk ${root.path}: nothing says what of it has changed.`;
  throw new AppError('snapshot/not-possible', message, {
    hint: 'Disks of sandboxes from images and directories can be compared.',
  });
}

/** Asks a guest, and ends one that was booted for it. */
export async function readFrom(
  openReader: () => Promise<DiskReader>,
  progress: OperationProgress,
): Promise<ChangeList> {
  const reader = await openReader();
  try {
    progress.begin(readStage.key);
    const list = await askChanges(reader.agent, progress.signal);
    progress.finish(readStage.key);
    return list;
  } finally {
    await reader.stop?.();
  }
}

/** Of a snapshot, kept beside it: it is the same for ever. */
export async function changesOfSnapshot(
  snapshot: SnapshotRecord,
  { store, tools }: Pick<SnapshotTools, 'store' | 'tools'>,
  progress: OperationProgress,
): Promise<ChangeList> {
  const files = store.files(snapshot.id);
  const known = await knownChanges(files.changes);
  if (known !== undefined) return known;
  const staged = await store.stage();
  try {
    const places = filesIn(staged.files.dir);
    await mkdir(places.logDir, { recursive: true });
    const { root, config, isPatched, createdAtMs, disk, hasMemory } = snapshot;
    const kept = { files, disk, root, hasMemory };
    const own = await takeUpDisk(kept, places, progress, readStage.key);
    const record: SandboxRecord = {
      ...{ version: 2, id: staged.id, phase: 'ready', config, root, isPatched, createdAtMs },
      disk: [...own],
    };
    const list = await readFrom(
      () => bootForMaintenance(record, places, tools, progress),
      progress,
    );
    await writeFileAtomic(files.changes, JSON.stringify(list));
    return list;
  } finally {
    await store.discard(staged);
  }
}

/** What was read before; undefined where nothing was. */
export async function knownChanges(file: string): Promise<ChangeList | undefined> {
  try {
    return changeListSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function askChanges(agent: Agent, signal: AbortSignal): Promise<ChangeList> {
  const request = { action: 'changes', paths: ['/'] } as const;
  const { files, isTruncated } = await askFiles(agent, request, { signal });
  return {
    version: 1,
    isTruncated,
    files: files.flatMap(({ entry }) => {
      const { name: path, change, kind, sizeBytes, mode, uid, gid, modifiedAtMs, target } = entry;
      if (change === undefined) return [];
      const facts = { path, change, kind, sizeBytes, mode, uid, gid, modifiedAtMs };
      return [target === undefined ? facts : { ...facts, target }];
    }),
  };
}
