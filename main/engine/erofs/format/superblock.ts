/**
 * The superblock: 128 bytes at offset 1024 of the image. Offsets used here:
 * 0 magic, 4 checksum, 8 compatible features, 12 block bits, 14 root nid, 16 inode count,
 * 24 build time (s), 32 build time (ns), 36 blocks, 48 uuid, 80 incompatible features.
 */
import { blockBits, blockBytes } from './block.ts';
import { crc32c } from './crc32c.ts';

/** Where the superblock begins. */
export const superblockOffset = 1024;

/** Its length; the first inode may begin right after it. */
export const superblockBytes = 128;

const magic = 0xe0f5_e1e2;
const featureChecksum = 0x1;
/** Times of extended inodes are modification times, not change times. */
const featureMtime = 0x2;
const featureChunkedFile = 0x4;

/** What differs from image to image. The inode area begins at block 0, shared xattrs are not used. */
export interface Superblock {
  /** Slot number of the root directory; 16 bits. */
  readonly rootNid: number;
  readonly inodeCount: number;
  /** The time of every compact inode. Seconds may be negative. */
  readonly buildTime: { readonly seconds: number; readonly nanoseconds: number };
  /** Blocks of the whole disk, the data that follows the metadata included. */
  readonly blockCount: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /** Some inode is chunk-based. */
  readonly hasChunkedFiles: boolean;
}

/** The superblock's bytes, its checksum still zero: see {@link sealSuperblock}. */
export function serializeSuperblock(superblock: Superblock): Uint8Array {
  const bytes = new Uint8Array(superblockBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(8, featureChecksum | featureMtime, true);
  view.setUint8(12, blockBits);
  view.setUint16(14, superblock.rootNid, true);
  view.setBigUint64(16, BigInt(superblock.inodeCount), true);
  view.setBigInt64(24, BigInt(superblock.buildTime.seconds), true);
  view.setUint32(32, superblock.buildTime.nanoseconds, true);
  view.setUint32(36, superblock.blockCount, true);
  bytes.set(superblock.uuid.subarray(0, 16), 48);
  view.setUint32(80, superblock.hasChunkedFiles ? featureChunkedFile : 0, true);
  return bytes;
}

/** Puts the checksum into the first block, which it covers from the superblock to the end. */
export function sealSuperblock(firstBlock: Uint8Array): void {
  const covered = firstBlock.subarray(superblockOffset, blockBytes);
  const view = new DataView(covered.buffer, covered.byteOffset, covered.byteLength);
  view.setUint32(4, 0, true);
  view.setUint32(4, crc32c(covered), true);
}
