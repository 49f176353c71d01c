import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { systemErrorCode } from '../base/disk-error.ts';

/** Directories that are read at one time. */
const parallelReads = 8;

/**
 * What a tree occupies on the disk, holes not counted and files with several names counted once.
 * Links are not followed. What goes away meanwhile, or may not be read, is left out.
 */
export async function treeBytes(root: string): Promise<number> {
  let total = 0;
  const linked = new Set<string>();
  const waiting: string[] = [root];
  const readOne = async (dir: string): Promise<void> => {
    for await (const entry of await opendir(dir)) {
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) waiting.push(file);
      const { blocks, nlink, dev, ino } = await lstat(file);
      const key = `${String(dev)}:${String(ino)}`;
      if (!entry.isDirectory() && nlink > 1) {
        if (linked.has(key)) continue;
        linked.add(key);
      }
      total += blocks * 512;
    }
  };
  while (waiting.length > 0) {
    await Promise.all(waiting.splice(-parallelReads).map((dir) => readOne(dir).catch(passOver)));
  }
  return total;
}

function passOver(error: unknown): void {
  const code = systemErrorCode(error);
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOTDIR') throw error;
}
