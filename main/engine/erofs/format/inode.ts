/**
 * Inodes on disk, compact (32 bytes) and extended (64 bytes).
 * compact:  0 format, 2 xattr count, 4 mode, 6 nlink16, 8 size32, 16 union, 20 ino, 24 uid16, 26 gid16
 * extended: 0 format, 2 xattr count, 4 mode, 8 size64, 16 union, 20 ino, 24 uid32, 28 gid32,
 *           32 mtime s, 40 mtime ns, 44 nlink32
 */

/** Where an inode's content is. */
export const dataLayout = { flatPlain: 0, flatInline: 2, chunkBased: 4 } as const;

/** One of {@link dataLayout}. */
export type DataLayout = (typeof dataLayout)[keyof typeof dataLayout];

/** File type bits of `st_mode`. */
export const fileTypeBits = {
  fifo: 0o010000,
  'character-device': 0o020000,
  directory: 0o040000,
  'block-device': 0o060000,
  file: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
} as const;

/** An inode, every field decided. */
export interface Inode {
  readonly extended: boolean;
  readonly layout: DataLayout;
  /** See `xattrCountField`. */
  readonly xattrCount: number;
  /** Type and permission bits. */
  readonly mode: number;
  readonly nlink: number;
  readonly size: number;
  /** First block, device number or chunk format, by type and layout. */
  readonly union: number;
  /** Serial number from 1; not the nid. */
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
}

/** Length of an inode on disk. */
export function inodeBytes(extended: boolean): number {
  return extended ? 64 : 32;
}

/** Whether a compact inode can say this, apart from the time, which it does not hold. */
export function fitsCompact(inode: Pick<Inode, 'uid' | 'gid' | 'nlink' | 'size'>): boolean {
  return (
    inode.uid <= 0xffff && inode.gid <= 0xffff && inode.nlink <= 0xffff && inode.size <= 0xffff_ffff
  );
}

/** Writes an inode into zeroed bytes at `offset`. */
export function serializeInode(inode: Inode, view: DataView, offset: number): void {
  view.setUint16(offset, (inode.extended ? 1 : 0) | (inode.layout << 1), true);
  view.setUint16(offset + 2, inode.xattrCount, true);
  view.setUint16(offset + 4, inode.mode, true);
  view.setUint32(offset + 16, inode.union, true);
  view.setUint32(offset + 20, inode.ino, true);
  if (inode.extended) {
    view.setBigUint64(offset + 8, BigInt(inode.size), true);
    view.setUint32(offset + 24, inode.uid, true);
    view.setUint32(offset + 28, inode.gid, true);
    view.setBigInt64(offset + 32, BigInt(inode.mtimeSeconds), true);
    view.setUint32(offset + 40, inode.mtimeNanoseconds, true);
    view.setUint32(offset + 44, inode.nlink, true);
  } else {
    view.setUint16(offset + 6, inode.nlink, true);
    view.setUint32(offset + 8, inode.size, true);
    view.setUint16(offset + 24, inode.uid, true);
    view.setUint16(offset + 26, inode.gid, true);
  }
}

/** The kernel's new_encode_dev: 12 bits of major, 20 of minor. */
export function encodeDevice(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
