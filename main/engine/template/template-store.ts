/**
 * The templates of one cache: a folder for each, named by its key, that is there whole or not at
 * all. Several host processes may share it. What is damaged goes, and so does what was used longest
 * ago when there are too many. A machine that runs has the files of its template open: they can go.
 */
import { chmod, lstat, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Template } from '../../contract/template.ts';
import { AppError } from '../base/app-error.ts';
import { syncDirectory, writeFileAtomic } from '../base/atomic-file.ts';
import type { Logger } from '../base/logger.ts';
import { processStartTime } from '../host/process-identity.ts';
import type { SavedVm } from '../vm/driver.ts';
import {
  checkFiles,
  describeTemplate,
  readManifest,
  templateFiles,
  type TemplateManifest,
} from './template-manifest.ts';
import { isSameTsc, type TemplateShape } from './template-shape.ts';

/** How a store is opened. */
export interface TemplateStoreOptions {
  /** Of this user alone; made where it is not there. */
  readonly dir: string;
  readonly place: Template['place'];
  readonly logger: Logger;
  readonly maxCount?: number;
  readonly maxBytes?: number;
}

/** A template that a start uses. It is not made way for others until it is let go of. */
export interface TakenTemplate {
  readonly key: string;
  readonly saved: SavedVm;
  /** Once the machine has its files open. */
  release(): void;
}

/** A template that is being made, in a folder that nobody else looks at. */
export interface TemplateInMaking {
  readonly memoryPath: string;
  readonly statePath: string;
  /** It is there from now on, unless another process was faster. Nothing writes its files any more. */
  publish(shape: TemplateShape): Promise<void>;
  discard(): Promise<void>;
}

const defaultMaxCount = 8;
const defaultMaxBytes = 3 * 1024 ** 3;
const keyPattern = /^[0-9a-f]{32}$/;
/** What is being made (`new`) or removed (`old`), by which process. */
const leftoverPattern = /^\.(?:new|old)-(\d+)-(\w+)-\d+$/;

/** See the head of this file. */
export class TemplateStore {
  readonly dir: string;
  readonly #options: TemplateStoreOptions;
  readonly #mark: string;
  /** How many starts read each template now. */
  readonly #readers = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  #lastNumber = 0;

  private constructor(options: TemplateStoreOptions, mark: string) {
    this.dir = options.dir;
    this.#options = options;
    this.#mark = mark;
  }

  /** @throws AppError `host/runtime-dir-unsafe` where another user has a hand in the directory */
  static async open(options: TemplateStoreOptions): Promise<TemplateStore> {
    await mkdir(options.dir, { recursive: true, mode: 0o700 });
    const facts = await lstat(options.dir);
    if (!facts.isDirectory() || facts.uid !== process.getuid?.()) {
      throw new AppError(
        'host/runtime-dir-unsafe',
        `${options.dir} is not a directory of this user.`,
      );
    }
    if ((facts.mode & 0o077) !== 0) await chmod(options.dir, 0o700);
    const started = (await processStartTime(process.pid)) ?? '0';
    const mark = `${String(process.pid)}-${started.replaceAll(/\W/g, '')}`;
    const store = new TemplateStore(options, mark);
    await store.#removeLeftovers();
    return store;
  }

  /** The template of a shape; one that cannot be used is removed. */
  async take(shape: TemplateShape): Promise<TakenTemplate | undefined> {
    const { key } = shape;
    const dir = this.#folder(key);
    this.#readers.set(key, (this.#readers.get(key) ?? 0) + 1);
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#readers.get(key) ?? 1) - 1;
      if (left === 0) this.#readers.delete(key);
      else this.#readers.set(key, left);
    };
    try {
      const manifest = await readManifest(dir);
      await checkFiles(dir, manifest);
      if (!isSameTsc(manifest.tscKHz, shape.tscKHz)) {
        throw new Error('It was made where the time-stamp counter has another rate.');
      }
      const now = new Date();
      await utimes(path.join(dir, templateFiles.manifest), now, now);
    } catch (error) {
      release();
      if (!isMissing(error) || (await isThere(dir))) await this.remove(key, String(error));
      return undefined;
    }
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    const memoryPath = path.join(dir, templateFiles.memory);
    const statePath = path.join(dir, templateFiles.state);
    return { key, saved: { statePath, memoryPath }, release };
  }

  async begin(): Promise<TemplateInMaking> {
    const dir = path.join(this.dir, this.#leftoverName('new'));
    await mkdir(dir, { mode: 0o700 });
    const discard = (): Promise<void> => rm(dir, { recursive: true, force: true });
    return {
      memoryPath: path.join(dir, templateFiles.memory),
      statePath: path.join(dir, templateFiles.state),
      publish: async (shape) => {
        await this.#publish(dir, shape);
      },
      discard,
    };
  }

  /** What runs from it goes on. */
  async remove(key: string, why: string): Promise<void> {
    const gone = path.join(this.dir, this.#leftoverName('old'));
    try {
      await rename(this.#folder(key), gone);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    this.#options.logger.info('A template was removed.', { key, why });
    await rm(gone, { recursive: true, force: true });
  }

  /** The one that was used last first. */
  async list(): Promise<Template[]> {
    const templates: Template[] = [];
    for (const key of await this.#keys()) {
      const dir = this.#folder(key);
      try {
        const [manifest, { mtimeMs }] = await Promise.all([
          readManifest(dir),
          stat(path.join(dir, templateFiles.manifest)),
        ]);
        templates.push(this.#describe(manifest, mtimeMs));
      } catch (error) {
        if (await isThere(dir)) await this.remove(key, String(error));
      }
    }
    return templates.sort((one, other) => other.usedAtMs - one.usedAtMs);
  }

  async clear(): Promise<void> {
    for (const key of await this.#keys()) await this.remove(key, 'All were to go.');
  }

  #describe(manifest: TemplateManifest, usedAtMs: number): Template {
    const { key, cpus, memoryMiB, accelerator, kernelRelease, createdAtMs, bytes } = manifest;
    return {
      ...{ key, cpus, memoryMiB, accelerator, kernelRelease, createdAtMs, bytes, usedAtMs },
      useCount: this.#uses.get(key) ?? 0,
      place: this.#options.place,
    };
  }

  async #publish(dir: string, shape: TemplateShape): Promise<void> {
    for (const name of [templateFiles.memory, templateFiles.state]) {
      await syncFile(path.join(dir, name));
    }
    // From here on nothing writes the memory: these are the times that it has for good.
    const manifest = await describeTemplate(dir, shape, Date.now());
    await writeFileAtomic(path.join(dir, templateFiles.manifest), JSON.stringify(manifest));
    try {
      await rename(dir, this.#folder(shape.key));
      await syncDirectory(this.dir);
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      // Another process has made the same.
      if (!isOccupied(error)) throw error;
    }
    await this.#makeRoom(shape.key);
  }

  /** The one that is just there stays, and so does what a start reads. */
  async #makeRoom(newest: string): Promise<void> {
    const { maxCount = defaultMaxCount, maxBytes = defaultMaxBytes } = this.#options;
    let count = 0;
    let bytes = 0;
    const templates = await this.list();
    const newestFirst = templates.toSorted(
      (one, other) => Number(other.key === newest) - Number(one.key === newest),
    );
    for (const template of newestFirst) {
      count++;
      bytes += template.bytes;
      const isKept = template.key === newest || this.#readers.has(template.key);
      if (isKept || (count <= maxCount && bytes <= maxBytes)) continue;
      count--;
      bytes -= template.bytes;
      await this.remove(template.key, 'It was used longest ago.');
    }
  }

  async #keys(): Promise<string[]> {
    return (await readdir(this.dir)).filter((name) => keyPattern.test(name));
  }

  #folder(key: string): string {
    return path.join(this.dir, key);
  }

  #leftoverName(kind: 'new' | 'old'): string {
    this.#lastNumber++;
    return `.${kind}-${this.#mark}-${String(this.#lastNumber)}`;
  }

  /** What processes have left that were ended in the middle. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.dir)) {
      const [, pid, started] = leftoverPattern.exec(name) ?? [];
      if (pid === undefined) continue;
      const alive = await processStartTime(Number(pid));
      if (alive !== undefined && alive.replaceAll(/\W/g, '') === started) continue;
      await rm(path.join(this.dir, name), { recursive: true, force: true });
    }
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function isOccupied(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}
