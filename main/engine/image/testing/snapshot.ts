/** Trees in one form, whether they are in an image or unpacked in a directory, so as to compare them. */
import { createHash } from 'node:crypto';
import { createReadStream, type BigIntStats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { ReadNode } from '../../erofs/testing/read-erofs.ts';
import { TarReader } from '../tar/reader.ts';

/** A node, everything that a guest could see of it. Paths are bytes as Latin-1. */
export interface SnapshotNode {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the epoch, in decimal. */
  readonly mtime: string;
  readonly nlink: number;
  /** First path of those that share the inode. */
  readonly sameAs: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
  readonly device?: string;
  readonly xattrs: Readonly<Record<string, string>>;
}

/** By path from the root, which is ''. */
export type Snapshot = Map<string, SnapshotNode>;

/** Snapshot of an image that was read. */
export function snapshotOfImage(nodes: ReadonlyMap<string, ReadNode>): Snapshot {
  const first = new Map<number, string>();
  const snapshot: Snapshot = new Map();
  for (const path of [...nodes.keys()].sort()) {
    const node = nodes.get(path);
    if (node === undefined) continue;
    if (!first.has(node.nid)) first.set(node.nid, path);
    const { type, mode, uid, gid, nlink, xattrs, content, target, device } = node;
    snapshot.set(path, {
      type,
      mode,
      uid,
      gid,
      mtime: String(BigInt(node.mtimeSeconds) * 1_000_000_000n + BigInt(node.mtimeNanoseconds)),
      nlink,
      sameAs: first.get(node.nid) ?? path,
      xattrs,
      ...(content === undefined ? {} : { size: content.length, sha256: hash(content) }),
      ...(target === undefined ? {} : { target }),
      ...(device === undefined ? {} : { device }),
    });
  }
  return snapshot;
}

/** Snapshot of a directory of this machine. Its attributes are read by GNU tar. */
export async function snapshotOfDirectory(dir: string): Promise<Snapshot> {
  const xattrs = await xattrsOf(dir);
  const paths = [''];
  await collect(dir, '', paths);
  const first = new Map<bigint, string>();
  const snapshot: Snapshot = new Map();
  for (const path of paths.sort()) {
    const full = Buffer.from(
      path === '' ? dir : `${Buffer.from(dir).toString('latin1')}/${path}`,
      'latin1',
    );
    const stats = await lstat(full, { bigint: true });
    if (!first.has(stats.ino)) first.set(stats.ino, path);
    const sameAs = first.get(stats.ino) ?? path;
    snapshot.set(path, {
      type: typeOf(stats),
      mode: Number(stats.mode & 0o7777n),
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      mtime: String(stats.mtimeNs),
      nlink: Number(stats.nlink),
      sameAs,
      // tar tells attributes once for all names of a file.
      xattrs: xattrs.get(path) ?? xattrs.get(sameAs) ?? {},
      ...(await contentOf(full, stats)),
    });
  }
  return snapshot;
}

async function collect(dir: string, path: string, into: string[]): Promise<void> {
  const full = Buffer.from(join(Buffer.from(dir).toString('latin1'), path), 'latin1');
  for (const entry of await readdir(full, { withFileTypes: true, encoding: 'buffer' })) {
    const name = entry.name.toString('latin1');
    const child = path === '' ? name : `${path}/${name}`;
    into.push(child);
    if (entry.isDirectory()) await collect(dir, child, into);
  }
}

async function contentOf(path: Buffer, stats: BigIntStats): Promise<Partial<SnapshotNode>> {
  if (stats.isSymbolicLink()) {
    return { target: (await readlink(path, { encoding: 'buffer' })).toString('latin1') };
  }
  if (stats.isFile()) {
    const sha256 = createHash('sha256');
    for await (const chunk of createReadStream(path)) sha256.update(chunk as Buffer);
    return { size: Number(stats.size), sha256: sha256.digest('hex') };
  }
  if (!stats.isCharacterDevice() && !stats.isBlockDevice()) return {};
  const major = (stats.rdev >> 8n) & 0xfffn;
  const minor = (stats.rdev & 0xffn) | ((stats.rdev >> 12n) & 0xfff00n);
  return { device: `${String(major)}:${String(minor)}` };
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'character-device';
  if (stats.isBlockDevice()) return 'block-device';
  return stats.isFIFO() ? 'fifo' : 'socket';
}

async function xattrsOf(dir: string): Promise<Map<string, Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  const reader = new TarReader({
    onEntry: ({ path, xattrs }) => {
      const key = path.replace(/^\.\/?/, '').replace(/\/$/, '');
      const shown = xattrs.map(({ name, value }) => [name, value.toString('hex')] as const);
      found.set(key, Object.fromEntries(shown.sort()));
    },
    onContent: () => undefined,
    onEntryEnd: () => undefined,
  });
  const args = ['--create', '--format=pax', '--xattrs', '--xattrs-include=*', '-C', dir, '.'];
  const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of tar.stdout) reader.push(chunk as Buffer);
  return found;
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
