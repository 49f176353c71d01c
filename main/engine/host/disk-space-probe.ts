import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Space on the file system of a directory, in bytes. */
export interface DiskSpace {
  /** What a process without privileges may still use. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The space where `path` is or, where it does not exist yet, where it would be. */
export async function probeDiskSpace(path: string): Promise<DiskSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return probeDiskSpace(parent);
  }
}
