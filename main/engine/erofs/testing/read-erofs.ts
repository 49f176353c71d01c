/** A reader of EROFS images for tests: what tools of the distribution do not show, it shows. */
import { strict as assert } from 'node:assert';

/** A node as the image has it. Text is bytes as Latin-1. */
export interface ReadNode {
  readonly nid: number;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly nlink: number;
  readonly size: number;
  readonly xattrs: Readonly<Record<string, string>>;
  /** Of a file. */
  readonly content?: Buffer;
  /** Whether a file has a map of its chunks. */
  readonly isChunked?: boolean;
  readonly target?: string;
  /** `major:minor` */
  readonly device?: string;
}

const block = 4096;
const typeNames: Readonly<Record<number, string>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};
const entryTypes = ['', 'file', 'directory', 'character-device', 'block-device', 'fifo'];
const prefixes = [
  '',
  'user.',
  'system.posix_acl_access',
  'system.posix_acl_default',
  'trusted.',
  '',
  'security.',
];

/** Reads a whole disk: metadata, then data. Keys are paths from the root, which is ''. */
export function readErofs(disk: Buffer): Map<string, ReadNode> {
  assert.equal(disk.readUInt32LE(1024), 0xe0f5e1e2, 'magic');
  assert.equal(disk.readUInt8(1036), 12, 'block bits');
  assert.equal(disk.readUInt32LE(1060) * block, disk.length, 'blocks');
  const nodes = new Map<string, ReadNode>();
  const names = new Map<number, number>();
  const walk = (nid: number, path: string, parentNid: number): void => {
    names.set(nid, (names.get(nid) ?? 0) + 1);
    const node = readNode(disk, nid);
    nodes.set(path, node);
    if (node.type !== 'directory') return;
    let directories = 2;
    for (const entry of readDirectory(dataOf(disk, nid))) {
      if (entry.name === '.') assert.equal(entry.nid, nid, `${path}/.`);
      else if (entry.name === '..') assert.equal(entry.nid, parentNid, `${path}/..`);
      else {
        const child = path === '' ? entry.name : `${path}/${entry.name}`;
        walk(entry.nid, child, nid);
        const { type } = nodes.get(child) ?? {};
        if (type === 'directory') directories++;
        assert.equal(entryTypes[entry.type] ?? (entry.type === 7 ? 'symlink' : 'socket'), type);
      }
    }
    assert.equal(node.nlink, directories, `nlink of ${path}`);
  };
  const root = disk.readUInt16LE(1038);
  walk(root, '', root);
  for (const [path, { type, nid, nlink }] of nodes) {
    if (type !== 'directory') assert.equal(nlink, names.get(nid), `nlink of ${path}`);
  }
  assert.equal(disk.readBigUInt64LE(1040), BigInt(names.size), 'inode count');
  return nodes;
}

interface Inode {
  readonly at: number;
  readonly extended: boolean;
  readonly layout: number;
  readonly xattrBytes: number;
  readonly mode: number;
  readonly size: number;
  readonly union: number;
}

function readInode(disk: Buffer, nid: number): Inode {
  const at = nid * 32;
  const format = disk.readUInt16LE(at);
  const extended = (format & 1) === 1;
  const count = disk.readUInt16LE(at + 2);
  return {
    at,
    extended,
    layout: (format >> 1) & 7,
    xattrBytes: count === 0 ? 0 : 12 + 4 * (count - 1),
    mode: disk.readUInt16LE(at + 4),
    size: extended ? Number(disk.readBigUInt64LE(at + 8)) : disk.readUInt32LE(at + 8),
    union: disk.readUInt32LE(at + 16),
  };
}

function readNode(disk: Buffer, nid: number): ReadNode {
  const inode = readInode(disk, nid);
  const { at, extended, mode } = inode;
  const type = typeNames[mode >> 12];
  assert.ok(type, `type of ${String(nid)}`);
  const isDevice = type === 'character-device' || type === 'block-device';
  return {
    nid,
    type,
    mode: mode & 0o7777,
    uid: extended ? disk.readUInt32LE(at + 24) : disk.readUInt16LE(at + 24),
    gid: extended ? disk.readUInt32LE(at + 28) : disk.readUInt16LE(at + 26),
    mtimeSeconds: Number(disk.readBigInt64LE(extended ? at + 32 : 1048)),
    mtimeNanoseconds: disk.readUInt32LE(extended ? at + 40 : 1056),
    nlink: extended ? disk.readUInt32LE(at + 44) : disk.readUInt16LE(at + 6),
    size: inode.size,
    xattrs: readXattrs(disk, inode),
    ...(type === 'file' ? { content: dataOf(disk, nid), isChunked: inode.layout === 4 } : {}),
    ...(type === 'symlink' ? { target: dataOf(disk, nid).toString('latin1') } : {}),
    ...(isDevice ? { device: deviceOf(inode.union) } : {}),
  };
}

function deviceOf(encoded: number): string {
  const major = (encoded >>> 8) & 0xfff;
  const minor = (encoded & 0xff) | ((encoded >>> 12) & 0xfff00);
  return `${String(major)}:${String(minor)}`;
}

function readXattrs(disk: Buffer, { at, extended, xattrBytes }: Inode): Record<string, string> {
  const xattrs: Record<string, string> = {};
  const start = at + (extended ? 64 : 32);
  for (let entry = start + 12; entry < start + xattrBytes;) {
    const nameBytes = disk.readUInt8(entry);
    const valueBytes = disk.readUInt16LE(entry + 2);
    const name = disk.toString('latin1', entry + 4, entry + 4 + nameBytes);
    const valueAt = entry + 4 + nameBytes;
    const key = `${prefixes[disk.readUInt8(entry + 1)] ?? '?'}${name}`;
    xattrs[key] = disk.toString('hex', valueAt, valueAt + valueBytes);
    entry = Math.ceil((valueAt + valueBytes) / 4) * 4;
  }
  return xattrs;
}

/** Content of an inode, by its layout. */
function dataOf(disk: Buffer, nid: number): Buffer {
  const { at, extended, layout, xattrBytes, size, union } = readInode(disk, nid);
  const body = at + (extended ? 64 : 32) + xattrBytes;
  if (size === 0) return Buffer.alloc(0);
  if (layout === 0) return slice(disk, union * block, size);
  if (layout === 2) {
    assert.equal(Math.floor(body / block), Math.floor((body + size - 1) / block), 'inline data');
    return slice(disk, body, size);
  }
  assert.equal(layout, 4, `layout of ${String(nid)}`);
  const chunk = block * 2 ** union;
  const content = Buffer.alloc(size);
  for (let index = 0; index * chunk < size; index++) {
    const address = disk.readUInt32LE(body + 4 * index);
    if (address === 0xffffffff) continue;
    const length = Math.min(chunk, size - index * chunk);
    slice(disk, address * block, length).copy(content, index * chunk);
  }
  return content;
}

function slice(disk: Buffer, start: number, length: number): Buffer {
  assert.ok(start + length <= disk.length, 'beyond the disk');
  return disk.subarray(start, start + length);
}

function readDirectory(data: Buffer): { name: string; nid: number; type: number }[] {
  const entries: { name: string; nid: number; type: number }[] = [];
  for (let at = 0; at < data.length; at += block) {
    const part = data.subarray(at, at + block);
    const count = part.readUInt16LE(8) / 12;
    for (let index = 0; index < count; index++) {
      const start = part.readUInt16LE(index * 12 + 8);
      const end = index + 1 < count ? part.readUInt16LE((index + 1) * 12 + 8) : part.length;
      const name = part.toString('latin1', start, end).replace(/\0+$/, '');
      entries.push({
        name,
        nid: Number(part.readBigUInt64LE(index * 12)),
        type: part.readUInt8(index * 12 + 10),
      });
    }
  }
  const names = entries.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)].sort(compare), 'names ascend');
  return entries;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
