/** A store of images for tests of faults: what must be so after each of them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { readErofs } from '../erofs/testing/read-erofs.ts';
import { ImageLibrary } from '../image/image-library.ts';
import type { PreparedImage } from '../image/types.ts';

/** Opens a store whose waits are short. */
export async function openImpatient(dir: string): Promise<ImageLibrary> {
  return await ImageLibrary.open({
    dir,
    logger: silentLogger,
    registry: {
      timeouts: { headersMs: 2000, stallMs: 1000, documentMs: 5000 },
      backoffMs: [1, 1],
    },
  });
}

/** Fails where anything in the store is not what it should be. */
export async function expectSound(library: ImageLibrary, dir: string): Promise<void> {
  const { findings } = await library.check({
    mend: false,
    signal: new AbortController().signal,
    sandboxes: () => [],
  });
  expect(findings).toEqual([]);
  expect(await readdir(join(dir, 'unfinished'))).toEqual([]);
}

/** Fails unless the root that a guest would see has these files with this content. */
export async function expectFiles(
  image: PreparedImage,
  files: Readonly<Record<string, Buffer>>,
): Promise<void> {
  const parts = await Promise.all(image.extents.map(({ path }) => readFile(path)));
  const nodes = readErofs(Buffer.concat(parts));
  for (const [name, content] of Object.entries(files)) {
    const found = nodes.get(name)?.content;
    expect(found !== undefined && content.equals(found), name).toBe(true);
  }
}
