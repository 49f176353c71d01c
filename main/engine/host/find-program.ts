import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A program that was found. */
export interface Program {
  readonly path: string;
  /** Changes when another version is installed; for caches. */
  readonly identity: string;
}

/** A program started from a desktop may have a PATH without these. */
const usualFolders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The first program of this name on the PATH or where programs usually are. */
export async function findProgram(name: string, searchPath?: string): Promise<Program | undefined> {
  const folders =
    searchPath?.split(delimiter) ??
    (process.env['PATH'] ?? '').split(delimiter).concat(usualFolders);
  for (const folder of folders) {
    if (!folder.startsWith('/')) continue;
    const program = await programAt(join(folder, name));
    if (program !== undefined) return program;
  }
  return undefined;
}

/** The program at this path, if there is one that this user may run. */
export async function programAt(path: string): Promise<Program | undefined> {
  try {
    await access(path, constants.X_OK);
    const stats = await stat(path);
    if (!stats.isFile()) return undefined;
    return { path, identity: [path, stats.size, stats.mtimeMs, stats.ino].join(':') };
  } catch {
    return undefined;
  }
}
