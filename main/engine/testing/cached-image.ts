/** Images for benchmarks that take long to make: made once and kept in the user's cache. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { WrittenImage } from './write-oci-layout.ts';

/** An image in the cache. */
export interface CachedImage {
  /** Of its OCI layout. */
  readonly dir: string;
  readonly refName: string;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

/** Written last, so that a directory that has it is whole. */
const summaryName = 'summary.json';

/** The image of a recipe, which `build` writes to a directory where it is not there yet. */
export async function cachedImage(
  recipe: string,
  build: (dir: string) => Promise<CachedImage>,
): Promise<CachedImage> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const dir = join(cache, 'skerry', 'test-images', recipe);
  const known = await readCached(dir);
  if (known !== undefined) return known;
  const building = `${dir}.${randomUUID()}`;
  await mkdir(building, { recursive: true });
  try {
    const summary = await build(building);
    await writeFile(join(building, summaryName), JSON.stringify(summary));
    await rename(building, dir).catch(async (error: unknown) => {
      // Another process may have been first; then its image serves as well.
      if ((await readCached(dir)) === undefined) throw error;
    });
    return { ...summary, dir };
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** What is kept of an image that was written. */
export function describeCached(image: WrittenImage, tars: readonly Uint8Array[]): CachedImage {
  const { dir, refName, layers } = image;
  return {
    dir,
    refName,
    compressedBytes: layers.reduce((sum, { size }) => sum + size, 0),
    unpackedBytes: tars.reduce((sum, { length }) => sum + length, 0),
  };
}

async function readCached(dir: string): Promise<CachedImage | undefined> {
  const text = await readFile(join(dir, summaryName), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { ...(JSON.parse(text) as CachedImage), dir };
}
