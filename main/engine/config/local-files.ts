/** Paths of the host as a configuration names them: what they stand for, and what is there. */
import { access, constants, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { systemErrorCode } from '../base/disk-error.ts';

/** A path of the host that was looked at. */
export interface LocalFile {
  readonly kind: 'directory' | 'file' | 'other';
  /** Without symlinks. */
  readonly realPath: string;
}

/**
 * The absolute form of a path, with `~` as the home directory; undefined for a relative one, which
 * only the client that read it could have resolved.
 */
export function expandLocalPath(text: string, home: string = homedir()): string | undefined {
  const expanded = text === '~' || text.startsWith('~/') ? path.join(home, text.slice(1)) : text;
  if (!path.isAbsolute(expanded)) return undefined;
  const normal = path.normalize(expanded);
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal;
}

/** What is at a path, links followed; or one sentence saying why that is not known. */
export async function lookAtLocalFile(file: string): Promise<LocalFile | string> {
  try {
    const realPath = await realpath(file);
    const found = await stat(realPath);
    const kind = found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other';
    return { kind, realPath };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return `There is nothing at ${file}.`;
    if (code === 'EACCES') return `${file} cannot be looked at: this user may not.`;
    if (code === 'ELOOP') return `${file} is a link that leads back to itself.`;
    return `${file} cannot be looked at: ${code ?? String(error)}.`;
  }
}

const accessModes = {
  r: constants.R_OK,
  rw: constants.R_OK | constants.W_OK,
  rx: constants.R_OK | constants.X_OK,
  rwx: constants.R_OK | constants.W_OK | constants.X_OK,
} as const;

/** Whether this user may do all of that with a file: read, write, execute or enter. */
export async function isAllowed(file: string, what: keyof typeof accessModes): Promise<boolean> {
  return access(file, accessModes[what]).then(
    () => true,
    () => false,
  );
}
