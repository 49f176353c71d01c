/**
 * Directory blocks. Each begins with its entries (12 bytes: nid64, name offset16, type8, 0) and
 * ends with their names, one after the other. The kernel searches by halves, first among blocks
 * and then within one, so names ascend by bytes over the whole directory, "." and ".." included.
 */
import { blockBytes } from './block.ts';

/** An entry. The name's characters are its bytes (Latin-1), so that any bytes are exact. */
export interface DirectoryEntry {
  readonly name: string;
  readonly nid: number;
  /** One of {@link directoryEntryType}. */
  readonly type: number;
}

/** File types of directory entries: the FT_* values that Linux filesystems share. */
export const directoryEntryType = {
  file: 1,
  directory: 2,
  'character-device': 3,
  'block-device': 4,
  fifo: 5,
  socket: 6,
  symlink: 7,
} as const;

const entryBytes = 12;

/** Bytes of the directory that holds these names; the names are sorted already. */
export function directoryBytes(names: readonly string[]): number {
  let blocks = 0;
  let used = 0;
  for (const name of names) {
    const needed = entryBytes + name.length;
    if (used + needed > blockBytes) {
      blocks++;
      used = 0;
    }
    used += needed;
  }
  return blocks * blockBytes + used;
}

/** Writes a directory into zeroed bytes; `entries` ascend by name. */
export function serializeDirectory(entries: readonly DirectoryEntry[], into: Uint8Array): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  let blockStart = 0;
  for (let first = 0; first < entries.length;) {
    const end = lastInBlock(entries, first);
    let nameOffset = (end - first) * entryBytes;
    for (let index = first; index < end; index++) {
      const entry = entries[index];
      if (entry === undefined) break;
      const at = blockStart + (index - first) * entryBytes;
      view.setBigUint64(at, BigInt(entry.nid), true);
      view.setUint16(at + 8, nameOffset, true);
      view.setUint8(at + 10, entry.type);
      for (let i = 0; i < entry.name.length; i++) {
        into[blockStart + nameOffset + i] = entry.name.charCodeAt(i);
      }
      nameOffset += entry.name.length;
    }
    blockStart += blockBytes;
    first = end;
  }
}

function lastInBlock(entries: readonly DirectoryEntry[], first: number): number {
  let used = 0;
  let index = first;
  for (; index < entries.length; index++) {
    used += entryBytes + (entries[index]?.name.length ?? 0);
    if (used > blockBytes) break;
  }
  return index;
}
