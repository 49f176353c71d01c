/** The snapshots of a state directory: `snapshots/<id>/` with `snapshot.json` and what belongs to it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../base/app-error.ts';
import { syncDirectory, writeFileAtomic } from '../base/atomic-file.ts';
import { systemErrorCode } from '../base/disk-error.ts';
import type { Logger } from '../base/logger.ts';
import { snapshotRecordSchema, type SnapshotRecord } from './snapshot-record.ts';

const recordFile = 'snapshot.json';
const maxRecordBytes = 16 * 1024 * 1024;
/** What is being made; the next engine removes what was cut off. */
const newPrefix = '.new-';
const removingPrefix = '.removing-';

/** The files of a snapshot. */
export interface SnapshotFiles {
  readonly dir: string;
  /** Of the seed disk that its machine had; see `keep-seed.ts`. */
  readonly seedMetadata: string;
  readonly seedData: string;
  /** Its saved machine: a folder. */
  readonly memoryDir: string;
  /** What of its files differs from what is below its disk. */
  readonly changes: string;
}

/** A snapshot before it is one. */
export interface StagedSnapshot {
  readonly id: string;
  readonly files: SnapshotFiles;
}

/** See the head of this file. */
export class SnapshotStore {
  readonly #dir: string;
  readonly #records = new Map<string, SnapshotRecord>();
  /** Folders whose records cannot be read. They are left as they are. */
  readonly unreadable: readonly { readonly dir: string; readonly problem: string }[];

  private constructor(
    dir: string,
    records: readonly SnapshotRecord[],
    unreadable: SnapshotStore['unreadable'],
  ) {
    this.#dir = dir;
    for (const record of records) this.#records.set(record.id, record);
    this.unreadable = unreadable;
  }

  /** Reads every record; finishes removals, and removes what was never finished. */
  static async open(dir: string, logger: Logger): Promise<SnapshotStore> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const records: SnapshotRecord[] = [];
    const unreadable: { dir: string; problem: string }[] = [];
    for (const name of (await readdir(dir)).sort()) {
      const folder = path.join(dir, name);
      if (name.startsWith(newPrefix) || name.startsWith(removingPrefix)) {
        await rm(folder, { recursive: true, force: true });
        continue;
      }
      const record = await readRecord(folder, name);
      if (typeof record === 'string') {
        logger.warn('The record of a snapshot cannot be read.', { dir: folder, problem: record });
        unreadable.push({ dir: folder, problem: record });
      } else {
        records.push(record);
      }
    }
    return new SnapshotStore(dir, records, unreadable);
  }

  /** The earliest first. */
  list(): SnapshotRecord[] {
    return [...this.#records.values()].sort(
      (a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1),
    );
  }

  /** @throws AppError `snapshot/not-found` */
  get(id: string): SnapshotRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw new AppError('snapshot/not-found', `No snapshot is "${id}".`);
    return record;
  }

  has(id: string): boolean {
    return this.#records.has(id);
  }

  /** @throws AppError `snapshot/name-taken` by another snapshot of the sandbox */
  checkName(sandboxId: string, name: string, exceptId?: string): void {
    const taken = this.list().some(
      (record) => record.sandbox.id === sandboxId && record.name === name && record.id !== exceptId,
    );
    if (!taken) return;
    throw new AppError(
      'snapshot/name-taken',
      `The sandbox has a snapshot named "${name}" already.`,
    );
  }

  files(id: string): SnapshotFiles {
    return filesIn(path.join(this.#dir, id));
  }

  /** A folder for a snapshot that is to be made; it goes by {@link publish} or {@link discard}. */
  async stage(): Promise<StagedSnapshot> {
    const id = randomBytes(5).toString('hex');
    const dir = path.join(this.#dir, `${newPrefix}${id}`);
    await mkdir(dir, { mode: 0o700 });
    return { id, files: filesIn(dir) };
  }

  /** Makes it a snapshot, all at once. */
  async publish(
    { id, files }: StagedSnapshot,
    about: Omit<SnapshotRecord, 'version' | 'id'>,
  ): Promise<SnapshotRecord> {
    const record: SnapshotRecord = { version: 1, id, ...about };
    await writeRecord(files.dir, record);
    await rename(files.dir, path.join(this.#dir, id));
    await syncDirectory(this.#dir);
    this.#records.set(id, record);
    return record;
  }

  async discard({ files }: StagedSnapshot): Promise<void> {
    await rm(files.dir, { recursive: true, force: true });
  }

  /** @throws AppError `snapshot/not-found`, `snapshot/name-taken` */
  async rename(id: string, name: string): Promise<SnapshotRecord> {
    const record = this.get(id);
    this.checkName(record.sandbox.id, name, id);
    return this.#change({ ...record, name });
  }

  /** Those that went on from it went on from what it went on from. @throws AppError `snapshot/not-found` */
  async remove(id: string): Promise<void> {
    const { parentId } = this.get(id);
    for (const child of this.list()) {
      if (child.parentId !== id) continue;
      const { parentId: _removed, ...rest } = child;
      await this.#change(parentId === undefined ? rest : { ...rest, parentId });
    }
    const aside = path.join(this.#dir, `${removingPrefix}${id}`);
    await rename(this.files(id).dir, aside).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
    this.#records.delete(id);
    await rm(aside, { recursive: true, force: true });
  }

  async #change(record: SnapshotRecord): Promise<SnapshotRecord> {
    await writeRecord(this.files(record.id).dir, record);
    this.#records.set(record.id, record);
    return record;
  }
}

function filesIn(dir: string): SnapshotFiles {
  return {
    dir,
    seedMetadata: path.join(dir, 'seed.erofs'),
    seedData: path.join(dir, 'seed.data'),
    memoryDir: path.join(dir, 'memory'),
    changes: path.join(dir, 'changes.json'),
  };
}

function writeRecord(dir: string, record: SnapshotRecord): Promise<void> {
  return writeFileAtomic(path.join(dir, recordFile), `${JSON.stringify(record, null, 2)}\n`);
}

/** The record of a folder, or what is wrong with it. */
async function readRecord(dir: string, name: string): Promise<SnapshotRecord | string> {
  try {
    const bytes = await readFile(path.join(dir, recordFile));
    if (bytes.length > maxRecordBytes) return `${recordFile} is larger than a record can be.`;
    const parsed = snapshotRecordSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!parsed.success) return parsed.error.issues.map((issue) => issue.message).join(' ');
    return parsed.data.id === name ? parsed.data : `The record says its id is ${parsed.data.id}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
