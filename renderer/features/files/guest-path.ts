/** Arithmetic of the guest's paths (POSIX): absolute, by text alone. Pure. */

/** Without empty parts, `.` and `..` (which never leads above the root); `/` for the root. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A path as it was typed, seen from a directory: `~` is nobody's, so that it stays as it is. */
export function resolvePath(directory: string, typed: string): string {
  return normalizePath(typed.startsWith('/') ? typed : `${directory}/${typed}`);
}

/** The path of a name in a directory. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The directory that a path is in; the root is in itself. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** The last part; empty for the root. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The directories on the way, from the root to the path itself. */
export function pathsTo(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}

/** Whether a path is the directory or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** Why a name cannot be a file's: a key of the words of files; undefined where it can. */
export function problemOfName(name: string): 'nameEmpty' | 'nameSlash' | 'nameLong' | undefined {
  if (name === '' || name === '.' || name === '..') return 'nameEmpty';
  if (/[/\0]/.test(name)) return 'nameSlash';
  // NAME_MAX of Linux file systems, in bytes.
  return new TextEncoder().encode(name).length > 255 ? 'nameLong' : undefined;
}
