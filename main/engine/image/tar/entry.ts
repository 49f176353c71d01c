/** An entry of a tar, its header and extended headers made one. Semantics as GNU tar and Go have them. */
import { limits } from '../limits.ts';
import { corruptLayer, quoteName, unsupportedLayer } from '../layer-problem.ts';
import type { TarHeader } from './header.ts';
import { paxInteger, paxTime, type PaxRecords } from './pax.ts';
import type { SparseRegion } from './sparse.ts';

/** Kinds of entries that a filesystem can have. */
export type TarEntryType =
  'file' | 'hardlink' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo';

/** An entry. Text is bytes as Latin-1; paths are as the archive has them, not yet cleaned. */
export interface TarEntry {
  readonly type: TarEntryType;
  readonly path: string;
  readonly linkPath: string;
  /** 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly major: number;
  readonly minor: number;
  /** Length of the file, holes included; 0 for what is no file. */
  readonly sizeBytes: number;
  /** Bytes that follow in the archive. */
  readonly storedBytes: number;
  readonly xattrs: readonly { readonly name: string; readonly value: Buffer }[];
  /** Where the stored bytes belong; undefined for a file that is stored whole. */
  readonly sparse?: readonly SparseRegion[];
}

/** Headers that precede an entry and belong to it. */
export interface Preceding {
  readonly pax?: PaxRecords | undefined;
  readonly gnuName?: string | undefined;
  readonly gnuLink?: string | undefined;
}

const types: Readonly<Record<string, TarEntryType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

const xattrPrefix = 'SCHILY.xattr.';
const maxId = 0xffff_fffe;

/** Makes the entry, its sparse map left aside. Throws `image/layer-corrupt`, `image/unsupported`. */
export function makeTarEntry(header: TarHeader, preceding: Preceding): TarEntry {
  const pax = preceding.pax?.values ?? new Map<string, string>();
  // An empty value means the header's own.
  const value = (key: string): string | undefined => pax.get(key) || undefined;
  const integer = (key: string, otherwise: number): number => {
    const text = value(key);
    return text === undefined ? otherwise : paxInteger(text, key);
  };
  const sparseName = pax.has('GNU.sparse.name') ? value('GNU.sparse.name') : undefined;
  const path = sparseName ?? preceding.gnuName ?? value('path') ?? header.name;
  const type = entryType(header, path);
  const size = integer('size', header.size);
  const mtime = value('mtime');
  const time = mtime === undefined ? { seconds: header.mtime, nanoseconds: 0 } : paxTime(mtime);
  // Where only a header belongs, other readers pass over a size; so must we, to see the same tree.
  const storedBytes = type === 'file' ? size : 0;
  const entry: TarEntry = {
    type,
    path,
    linkPath: preceding.gnuLink ?? value('linkpath') ?? header.linkName,
    mode: header.mode & 0o7777,
    uid: integer('uid', header.uid),
    gid: integer('gid', header.gid),
    mtimeSeconds: time.seconds,
    mtimeNanoseconds: time.nanoseconds,
    major: header.major,
    minor: header.minor,
    sizeBytes: storedBytes,
    storedBytes,
    xattrs: readXattrs(pax, path),
  };
  check(entry);
  return entry;
}

function entryType(header: TarHeader, path: string): TarEntryType {
  const type = types[header.type];
  if (type === undefined || (header.type === 'S' && !header.isGnu)) {
    throw unsupportedLayer(
      `The entry ${quoteName(path)} has the type ${quoteName(header.type)}, which is not known.`,
    );
  }
  return header.type === '\0' && path.endsWith('/') ? 'directory' : type;
}

function check(entry: TarEntry): void {
  const { path, sizeBytes, uid, gid, mode } = entry;
  if (sizeBytes < 0 || sizeBytes > limits.fileBytes) {
    throw corruptLayer(`The entry ${quoteName(path)} has a size of ${String(sizeBytes)} bytes.`);
  }
  if (mode < 0 || uid < 0 || gid < 0 || uid > maxId || gid > maxId) {
    throw corruptLayer(
      `The entry ${quoteName(path)} has the owner ${String(uid)}:${String(gid)}, which cannot be.`,
    );
  }
}

function readXattrs(pax: ReadonlyMap<string, string>, path: string): TarEntry['xattrs'] {
  const xattrs: { name: string; value: Buffer }[] = [];
  let total = 0;
  for (const [key, value] of pax) {
    if (!key.startsWith(xattrPrefix)) continue;
    const name = key.slice(xattrPrefix.length);
    total += name.length + value.length;
    if (total > limits.xattrBytes) {
      throw corruptLayer(`The extended attributes of ${quoteName(path)} are too long.`);
    }
    xattrs.push({ name, value: Buffer.from(value, 'latin1') });
  }
  return xattrs;
}
