/** A snapshot of a sandbox, which goes on from it. */
import type { SnapshotRecord } from '../../snapshot/snapshot-record.ts';
import type { OperationProgress } from '../operation-tracker.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import { keepSandbox } from './keep-sandbox.ts';
import type { SnapshotTools } from './snapshot-tools.ts';

/** What is known of a snapshot before it is taken. */
export interface WantedSnapshot {
  readonly name: string;
  readonly hasMemory: boolean;
  /** Called before it is written, so that its image is needed in no moment by nobody. */
  readonly onAbout: (record: Pick<SnapshotRecord, 'id' | 'name' | 'config' | 'root'>) => void;
}

/** What fails or is cancelled leaves no snapshot, and the sandbox as it was. */
export async function takeSnapshot(
  life: SandboxLife,
  { name, hasMemory, onAbout }: WantedSnapshot,
  { store, tools }: Pick<SnapshotTools, 'store' | 'tools'>,
  progress: OperationProgress,
): Promise<void> {
  const staged = await store.stage();
  try {
    const createdAtMs = Date.now();
    const places = { from: tools.records.files(life.id), to: staged.files };
    const { record, disk } = await keepSandbox(life, places, hasMemory, progress);
    progress.signal.throwIfAborted();
    const { config, root, isPatched, basedOn } = record;
    onAbout({ id: staged.id, name, config, root });
    await store.publish(staged, {
      ...{ name, createdAtMs, config, root, isPatched, hasMemory },
      disk: [...disk],
      sandbox: { id: life.id, name: config.name },
      ...(basedOn !== undefined && store.has(basedOn) ? { parentId: basedOn } : {}),
    });
  } catch (error) {
    await store.discard(staged);
    throw error;
  }
  await life.amend((record) => ({ ...record, basedOn: staged.id }));
  progress.bring({ snapshotId: staged.id });
}
