import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import type { Logger } from '../base/logger.ts';
import type { ImagePins } from '../image/upkeep/collector.ts';
import type { SeedFiles } from '../image/seed-disk.ts';
import { RecordPins } from './image-pins.ts';
import { migrateRecord } from './migrate-record.ts';
import { sandboxRecordSchema, type SandboxRecord } from './sandbox-record.ts';

const recordFile = 'sandbox.json';
const maxRecordBytes = 16 * 1024 * 1024;
/** What removal leaves when it is cut off; the next engine finishes it. */
const removingPrefix = '.removing-';

/** A folder whose record cannot be read. It is left as it is. */
export interface UnreadableRecord {
  readonly dir: string;
  readonly problem: string;
}

/** The files of a sandbox. */
export interface SandboxFiles {
  readonly dir: string;
  /** What the sandbox writes above an image or a directory. */
  readonly upperDisk: string;
  /** What it writes above a disk image that is kept as it is. */
  readonly forkDisk: string;
  readonly rootDescriptor: string;
  readonly seed: SeedFiles;
  readonly consoleLog: string;
  readonly monitorLog: string;
  /** Decisions of its gateway. */
  readonly networkLog: string;
  /** Its saved machine while it is suspended: a folder. */
  readonly suspendDir: string;
  /** What it has said: a folder of files. */
  readonly logDir: string;
  /** Runs of commands without a terminal. */
  readonly commands: string;
  /** Its latest starts. */
  readonly boots: string;
}

/** The folder of all sandboxes: `<id>/sandbox.json` and what belongs to it. */
export class SandboxRecords {
  readonly #dir: string;
  readonly #logger: Logger;
  readonly #pins = new RecordPins();
  /** Hears of the digest of an image when a record that needed it is gone. */
  onImageReleased: (digest: string) => void = () => undefined;

  constructor(dir: string, logger: Logger) {
    this.#dir = dir;
    this.#logger = logger;
  }

  /** Images that the records need: those of load, and what was saved since. */
  imagePins(): ImagePins {
    return this.#pins.get();
  }

  files(id: string): SandboxFiles {
    return filesIn(path.join(this.#dir, id));
  }

  /** The names that sandboxes have, read without changing anything; for a process that owns nothing. */
  async names(): Promise<ReadonlySet<string>> {
    const dirs = await readdir(this.#dir).catch(() => []);
    const records = await Promise.all(
      dirs
        .filter((name) => !name.startsWith(removingPrefix))
        .map((name) => readRecord(path.join(this.#dir, name), name)),
    );
    return new Set(
      records.flatMap((record) => (typeof record === 'string' ? [] : [record.config.name])),
    );
  }

  /** Reads every record; finishes removals and replacements that were cut off. */
  async load(): Promise<{ records: SandboxRecord[]; unreadable: UnreadableRecord[] }> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const records: SandboxRecord[] = [];
    const unreadable: UnreadableRecord[] = [];
    for (const name of (await readdir(this.#dir)).sort()) {
      const dir = path.join(this.#dir, name);
      if (name.startsWith(removingPrefix)) {
        await rm(dir, { recursive: true, force: true });
        continue;
      }
      const result = await readRecord(dir, name);
      if (typeof result === 'string') {
        this.#logger.warn('A sandbox record cannot be read.', { dir, problem: result });
        unreadable.push({ dir, problem: result });
        await this.#pins.addUnreadable(dir);
      } else {
        this.#pins.add(result);
        records.push(result);
      }
    }
    return { records: await this.#finishReplacements(records), unreadable };
  }

  /** Of a sandbox and the one that took its place, the new one stays once it was ready. */
  async #finishReplacements(records: SandboxRecord[]): Promise<SandboxRecord[]> {
    const replaced = new Set(
      records.flatMap(({ phase, replaces }) => (phase === 'ready' ? [replaces] : [])),
    );
    const gone = records.filter(({ id }) => replaced.has(id));
    for (const { id } of gone) await this.remove(id);
    return records.filter((record) => !gone.includes(record));
  }

  async save(record: SandboxRecord): Promise<void> {
    const { dir } = this.files(record.id);
    this.#pins.add(record);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFileAtomic(path.join(dir, recordFile), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Removes everything of a sandbox; after the first step no engine will find it again. */
  async remove(id: string): Promise<void> {
    const aside = path.join(this.#dir, `${removingPrefix}${id}`);
    try {
      await rename(this.files(id).dir, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const digest = this.#pins.delete(id);
    if (digest !== undefined) this.onImageReleased(digest);
    await rm(aside, { recursive: true, force: true });
  }
}

/** Where the files of a sandbox are in a folder. */
export function filesIn(dir: string): SandboxFiles {
  return {
    dir,
    upperDisk: path.join(dir, 'upper.img'),
    forkDisk: path.join(dir, 'fork.qcow2'),
    rootDescriptor: path.join(dir, 'root.vmdk'),
    seed: {
      descriptor: path.join(dir, 'seed.vmdk'),
      metadata: path.join(dir, 'seed.erofs'),
      data: path.join(dir, 'seed.data'),
    },
    consoleLog: path.join(dir, 'console.log'),
    monitorLog: path.join(dir, 'monitor.log'),
    networkLog: path.join(dir, 'network-log.json'),
    suspendDir: path.join(dir, 'suspend'),
    logDir: path.join(dir, 'log'),
    commands: path.join(dir, 'commands.json'),
    boots: path.join(dir, 'boots.json'),
  };
}

/** The record of a folder, or what is wrong with it. */
async function readRecord(dir: string, name: string): Promise<SandboxRecord | string> {
  try {
    const bytes = await readFile(path.join(dir, recordFile));
    if (bytes.length > maxRecordBytes) return `${recordFile} is larger than a record can be.`;
    const parsed = sandboxRecordSchema.safeParse(migrateRecord(JSON.parse(bytes.toString('utf8'))));
    if (!parsed.success) return parsed.error.issues.map((issue) => issue.message).join(' ');
    return parsed.data.id === name ? parsed.data : `The record says its id is ${parsed.data.id}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
