import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { PathEntry } from '../../contract/path-entry.ts';

/** Enough to choose from; who wants another types on. */
const maxEntries = 100;

/**
 * What begins with a path that is being typed: directories first, then files, by name. Hidden ones
 * only where a dot was typed. Empty where the path is relative, or nothing can be read there.
 */
export async function completePath(prefix: string, home: string = homedir()): Promise<PathEntry[]> {
  const typed = prefix === '~' || prefix.startsWith('~/') ? `${home}${prefix.slice(1)}` : prefix;
  if (!typed.startsWith('/') || typed.includes('\0')) return [];
  const slash = typed.lastIndexOf('/');
  const dir = typed.slice(0, slash + 1);
  const begin = typed.slice(slash + 1);
  const names = await readdir(dir).catch(() => []);
  const fitting = names
    .filter((name) => name.startsWith(begin) && (begin !== '' || !name.startsWith('.')))
    .sort()
    .slice(0, 4 * maxEntries);
  const entries = await Promise.all(fitting.map((name) => describe(path.join(dir, name))));
  const isDirectory = ({ kind }: PathEntry): boolean => kind === 'directory';
  return [...entries.filter(isDirectory), ...entries.filter((entry) => !isDirectory(entry))].slice(
    0,
    maxEntries,
  );
}

async function describe(file: string): Promise<PathEntry> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) return { path: `${file}/`, kind: 'directory' };
  return { path: file, kind: found?.isFile() === true ? 'file' : 'other' };
}
