/** What a tree of files is, so that two of them can be compared. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Each path below a directory with mode, time, content or target, and the first path that has the
 * same file. Names are those that UTF-8 can tell.
 */
export async function snapshotTree(dir: string): Promise<Record<string, string>> {
  const firstPaths = new Map<string, string>();
  const snapshot: Record<string, string> = {};
  const visit = async (relative: string): Promise<void> => {
    for (const name of (await readdir(path.join(dir, relative))).sort()) {
      const below = path.posix.join(relative, name);
      const file = path.join(dir, below);
      const stats = await lstat(file);
      const parts = [
        (stats.mode & 0o177777).toString(8),
        stats.isSymbolicLink() ? '' : String(Math.floor(stats.mtimeMs / 1000)),
      ];
      if (stats.isSymbolicLink()) parts.push(`-> ${await readlink(file)}`);
      if (stats.isFile()) parts.push(await hashOf(file));
      if (stats.nlink > 1 && !stats.isDirectory()) {
        const inode = `${String(stats.dev)}:${String(stats.ino)}`;
        parts.push(`= ${firstPaths.get(inode) ?? below}`);
        firstPaths.set(inode, firstPaths.get(inode) ?? below);
      }
      snapshot[below] = parts.join(' ');
      if (stats.isDirectory()) await visit(below);
    }
  };
  await visit('');
  return snapshot;
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** A tree that has what trees have: odd and long names, every kind of file, modes and times. */
export const oddTreeScript = `set -eu
umask 022
long=$(printf 'l%.0s' $(seq 200)); half=$(printf 'h%.0s' $(seq 120))
mkdir -p 'with spaces/ünïcödé 🐳' empty "$half/$half/$half" deep/a/b/c
echo one > 'with spaces/ünïcödé 🐳/file'
printf 'no newline' > "$long"
echo far > "$half/$half/$half/$long"
: > nothing
head -c 300001 /dev/zero | tr '\\0' 'x' > large
truncate -s 1000000 holes
echo run > run; chmod 755 run; chmod 4711 run
echo secret > secret; chmod 600 secret
ln large 'hard link'; ln "$half/$half/$half/$long" deep/a/linked
ln -s large 'soft link'; ln -s ../nowhere deep/dangling; ln -s "$half/$half/$half/$long" deep/far
ln -s /etc absolute
mkfifo pipe
echo dash > ./-rf; printf 'x' > 'new
line'; echo q > 'quo"te'; echo b > 'back\\slash'
chmod 2750 deep/a; chmod 1777 empty
touch -d '2001-02-03T04:05:06.789Z' large secret deep/a/b
touch -d '1969-12-31T23:59:00Z' nothing
`;
