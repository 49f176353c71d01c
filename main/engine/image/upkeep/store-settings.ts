/** What the user has set for the image store: one small JSON file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import type { Logger } from '../../base/logger.ts';

const fileSchema = z.object({
  schemaVersion: z.literal(1),
  /** Above this, what nothing uses is collected. */
  limitBytes: z.int().positive().optional(),
});

/** The settings, held in memory. One process owns the file. */
export class StoreSettings {
  readonly #path: string;
  #limitBytes: number | undefined;

  private constructor(path: string, limitBytes: number | undefined) {
    this.#path = path;
    this.#limitBytes = limitBytes;
  }

  /** Reads the file. One that cannot be understood sets nothing, so that nothing goes by mistake. */
  static async open(path: string, logger: Logger): Promise<StoreSettings> {
    try {
      const { limitBytes } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      return new StoreSettings(path, limitBytes);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') {
        logger.warn('The settings of the image store cannot be read; there is no limit.', {
          ...{ path, error: String(error) },
        });
      }
      return new StoreSettings(path, undefined);
    }
  }

  get limitBytes(): number | undefined {
    return this.#limitBytes;
  }

  /** Resolves when it is on the disk. `undefined`: none. */
  async setLimit(limitBytes: number | undefined): Promise<void> {
    const file = { schemaVersion: 1, ...(limitBytes === undefined ? {} : { limitBytes }) };
    await writeFileAtomic(this.#path, `${JSON.stringify(file)}\n`);
    this.#limitBytes = limitBytes;
  }
}
