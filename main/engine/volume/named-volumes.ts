/** Named volumes: directories that Skerry keeps, and that outlive the sandboxes that use them. */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { volumeNameSchema } from '../../contract/config/volume.ts';
import type { NamedVolume } from '../../contract/volume.ts';
import { AppError } from '../base/app-error.ts';
import { asDiskError, systemErrorCode } from '../base/disk-error.ts';
import { treeBytes } from './tree-bytes.ts';

/** What a volume is without who uses it. */
export type StoredVolume = Omit<NamedVolume, 'usedBy'>;

const dataFolder = 'data';
const removingPrefix = '.removing-';

/** The volumes of a state directory: `NAME/data` each. One process owns the directory. */
export class NamedVolumes {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** Opens the directory and finishes removals that were cut off. */
  static async open(dir: string): Promise<NamedVolumes> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const name of await readdir(dir)) {
      if (!name.startsWith(removingPrefix)) continue;
      await rm(path.join(dir, name), { recursive: true, force: true });
    }
    return new NamedVolumes(dir);
  }

  /** By name. */
  async list(): Promise<StoredVolume[]> {
    const names = (await readdir(this.#dir)).filter((name) => isVolumeName(name)).sort();
    const volumes = await Promise.all(names.map((name) => this.#read(name)));
    return volumes.filter((volume) => volume !== undefined);
  }

  /**
   * With what it occupies.
   * @throws AppError `volume/not-found`
   */
  async inspect(name: string): Promise<StoredVolume> {
    const volume = await this.get(name);
    return { ...volume, diskBytes: await treeBytes(volume.path) };
  }

  /** @throws AppError `volume/not-found` */
  async get(name: string): Promise<StoredVolume> {
    const volume = isVolumeName(name) ? await this.#read(name) : undefined;
    if (volume === undefined) {
      throw new AppError('volume/not-found', `There is no volume named "${name}".`);
    }
    return volume;
  }

  /** The volume of this name, made where there is none. @throws AppError `store/no-space` */
  async ensure(name: string): Promise<StoredVolume> {
    const data = this.#dataOf(name);
    try {
      // What is in it is the guest's business; that nobody else reaches it is the folder's above.
      await mkdir(path.dirname(data), { recursive: true, mode: 0o700 });
      await mkdir(data, { recursive: true, mode: 0o755 });
    } catch (error) {
      throw asDiskError(error, data);
    }
    return this.get(name);
  }

  /** Removes a volume with all that is in it. @throws AppError `volume/not-found` */
  async remove(name: string): Promise<void> {
    await this.get(name);
    const aside = path.join(this.#dir, `${removingPrefix}${name}`);
    await rm(aside, { recursive: true, force: true });
    await rename(path.join(this.#dir, name), aside);
    await rm(aside, { recursive: true, force: true });
  }

  async #read(name: string): Promise<StoredVolume | undefined> {
    const data = this.#dataOf(name);
    try {
      const [folder, content] = await Promise.all([stat(path.dirname(data)), stat(data)]);
      if (!content.isDirectory()) return undefined;
      return { name, path: data, createdAtMs: Math.round(folder.birthtimeMs || folder.ctimeMs) };
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  #dataOf(name: string): string {
    if (!isVolumeName(name)) throw new AppError('volume/not-found', `"${name}" names no volume.`);
    return path.join(this.#dir, name, dataFolder);
  }
}

function isVolumeName(name: string): boolean {
  return volumeNameSchema.safeParse(name).success;
}
