/** Small files of the profile, of which only convenience is lost when they cannot be written. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/** Reads a JSON file; one that is missing or makes no sense is as good as none. */
export function readSmallFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the file whole or not at all. */
export function writeSmallFile(file: string, value: unknown): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify(value), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // Then it is as at first next time.
  }
}

/** Something that is said to the user once, ever: an empty file remembers that it was. */
export class SaidOnce {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get wasSaid(): boolean {
    return existsSync(this.#file);
  }

  remember(): void {
    try {
      writeFileSync(this.#file, '', { mode: 0o600 });
    } catch {
      // Then it is said again next time.
    }
  }
}
