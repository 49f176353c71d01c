/** A short list in a file: read once, written as a whole, each time as it is then. */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';

const maxFileBytes = 64 * 1024 * 1024;

/** See the head of this file. Nothing depends on it: what cannot be read or written is missing. */
export class KeptList<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  #saving: Promise<void> = Promise.resolve();
  #isDue = false;
  #isClosed = false;

  constructor(path: string, schema: z.ZodType<T>) {
    this.#path = path;
    this.#schema = schema;
  }

  /** What is no entry is left out; the rest is kept. */
  async load(): Promise<T[]> {
    try {
      await using file = await open(this.#path, 'r');
      if ((await file.stat()).size > maxFileBytes) return [];
      const entries = z.array(z.unknown()).parse(JSON.parse(await file.readFile('utf8')));
      return entries.flatMap((entry) => this.#schema.safeParse(entry).data ?? []);
    } catch {
      return [];
    }
  }

  /** @param entries as they are when it is written; calls in the meantime are one */
  save(entries: () => readonly T[]): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#saving = this.#saving.then(async () => {
      this.#isDue = false;
      if (this.#isClosed) return;
      await writeFileAtomic(this.#path, JSON.stringify(entries())).catch(() => undefined);
    });
  }

  /** Resolves when all is written. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  /** Nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#saving;
  }
}
