/** Where parts of a store go before they are deleted, so that each goes as a whole or stays. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/disk-error.ts';
import { Limiter } from '../../base/limiter.ts';

/** See the head of this file. */
export class Trash {
  readonly #dir: string;
  readonly #turns = new Limiter(1);

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** Opens the trash of a store and empties it of what an interrupted process left. */
  static async open(storeDir: string): Promise<Trash> {
    const trash = new Trash(join(storeDir, 'trash'));
    await mkdir(trash.#dir, { recursive: true, mode: 0o700 });
    await trash.empty();
    return trash;
  }

  /** Takes a file or directory away at once. Returns whether it was there. */
  async take(path: string): Promise<boolean> {
    try {
      await rename(path, join(this.#dir, randomUUID()));
      return true;
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Deletes what was taken away. */
  async empty(): Promise<void> {
    await this.#turns.run(async () => {
      for (const name of await readdir(this.#dir)) {
        await rm(join(this.#dir, name), { recursive: true, force: true });
      }
    });
  }
}
