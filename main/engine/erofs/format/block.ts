/** Units of an EROFS image as Skerry writes it: Documentation/filesystems/erofs.rst. */

/** Every address in the image counts blocks of this size. */
export const blockBytes = 4096;

/** log2 of {@link blockBytes}. */
export const blockBits = 12;

/** Inodes begin at multiples of this; an inode's number (nid) counts them from the image's start. */
export const slotBytes = 32;

/** The address of a block that is not there: a hole. */
export const nullBlock = 0xffff_ffff;

/** Blocks that hold this many bytes. */
export function blocksFor(byteCount: number): number {
  return Math.ceil(byteCount / blockBytes);
}

/** `value` raised to a multiple of `unit`. */
export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
