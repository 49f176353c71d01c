/** Names of entries of an archive and where links of it lead. Pure. */

/** Characters of a name; honest ones have about 140. */
const maxLength = 1024;

/** A name made plain, or one sentence's end that says why it cannot be. */
export type CleanPath =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly problem: string };

/**
 * The path below the archive's top, without `./` and a slash at the end; `''` is the top itself.
 * The name is bytes as Latin-1, as the tar reader has it.
 */
export function cleanEntryPath(name: string): CleanPath {
  if (name.length > maxLength) {
    return { ok: false, problem: `is longer than ${String(maxLength)} bytes` };
  }
  const text = Buffer.from(name, 'latin1').toString('utf8');
  if (text.startsWith('/')) return { ok: false, problem: 'is absolute' };
  return normal([], text);
}

/**
 * Where a link leads: a symlink's target counts from its own directory, a hard link's from the top
 * (POSIX.1-2017, pax).
 */
export function linkTarget(path: string, target: string, type: 'symlink' | 'hardlink'): CleanPath {
  if (target.length > maxLength) return { ok: false, problem: 'has a target that is too long' };
  const text = Buffer.from(target, 'latin1').toString('utf8');
  if (text.startsWith('/')) return { ok: false, problem: 'leads to an absolute path' };
  const directory = type === 'symlink' ? path.split('/').slice(0, -1) : [];
  const result = normal(directory, text);
  return result.ok ? result : { ok: false, problem: 'leads out of the archive' };
}

function normal(from: readonly string[], text: string): CleanPath {
  if (text.includes('\0')) return { ok: false, problem: 'has a NUL in it' };
  const parts = [...from];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      parts.push(part);
    } else if (from.length === 0 || parts.pop() === undefined) {
      return { ok: false, problem: 'has ".." in it' };
    }
  }
  return { ok: true, path: parts.join('/') };
}
