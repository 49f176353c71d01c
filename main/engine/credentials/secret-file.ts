/** One JSON file of values by registry, readable by its owner alone, replaced whole. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { readJsonFile } from './read-json-file.ts';
import { registryRecord } from './secret-store.ts';

/** See the head of this file. Changes come after one another; reading never waits. */
export class SecretFile<Schema extends z.ZodType> {
  readonly path: string;
  readonly #schema;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(filePath: string, value: Schema) {
    this.path = filePath;
    this.#schema = z.object({ version: z.literal(1), registries: registryRecord(value) });
  }

  /** None where there is no file. @throws AppError `credentials/unreadable` */
  async read(): Promise<Map<string, z.output<Schema>>> {
    const file = await readJsonFile(this.path, this.#schema);
    return new Map(Object.entries(file?.registries ?? {}));
  }

  /**
   * Changes the values; a file that cannot be read stays as it is.
   * @throws AppError `credentials/unreadable`, `store/no-space`
   */
  async change(apply: (values: Map<string, z.output<Schema>>) => void): Promise<void> {
    const change = this.#changing.then(async () => {
      const values = await this.read();
      apply(values);
      const registries = Object.fromEntries(values);
      await mkdir(path.dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.path, `${JSON.stringify({ version: 1, registries })}\n`);
    });
    this.#changing = change.catch(() => undefined);
    await change;
  }
}
