/** Remembers what a slow probe of this machine found, until the machine or the program changes. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';

const entrySchema = z.object({ version: z.literal(1), key: z.string(), value: z.unknown() });

/** What is remembered, and for how long. */
export interface RememberedProbe<T> {
  readonly cacheDir: string;
  /** File name without its ending. */
  readonly name: string;
  /** What the result depends on; another key means another result. */
  readonly key: string;
  readonly schema: z.ZodType<T>;
  /** Whether a result is worth a file; without one it is remembered by this process alone. */
  readonly isLasting?: (value: T) => boolean;
}

const inFlight = new Map<string, Promise<unknown>>();

/** The remembered result, or that of `probe`, run once however many ask. A failure is not kept. */
export async function remember<T>(what: RememberedProbe<T>, probe: () => Promise<T>): Promise<T> {
  const file = join(what.cacheDir, `${what.name}.json`);
  const id = `${file}\n${what.key}`;
  const running = inFlight.get(id);
  if (running !== undefined) return what.schema.parse(await running);
  const work = readOrProbe(file, what, probe);
  inFlight.set(id, work);
  work.catch(() => {
    inFlight.delete(id);
  });
  return work;
}

async function readOrProbe<T>(
  file: string,
  what: RememberedProbe<T>,
  probe: () => Promise<T>,
): Promise<T> {
  const known = await readEntry(file, what);
  if (known !== undefined) return known.value;
  const value = await probe();
  if (what.isLasting?.(value) === false) return value;
  const text = JSON.stringify({ version: 1, key: what.key, value }, undefined, 2);
  try {
    await mkdir(what.cacheDir, { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, text);
  } catch {
    // A cache that cannot be written costs time at the next start, nothing more.
  }
  return value;
}

async function readEntry<T>(
  file: string,
  what: RememberedProbe<T>,
): Promise<{ value: T } | undefined> {
  try {
    const entry = entrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return entry.key === what.key ? { value: what.schema.parse(entry.value) } : undefined;
  } catch {
    return undefined;
  }
}

/** Names this boot of the machine; undefined where the system has no name for it. */
export async function readBootId(): Promise<string | undefined> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return undefined;
  }
}
