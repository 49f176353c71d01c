/**
 * Chunk-based content: after the inode and its attributes, one 32-bit block address for each
 * chunk, all ones for a hole. A chunk is 2^chunkBits blocks and lies in one piece.
 */
import { blockBytes, nullBlock } from './block.ts';

/** A run of blocks of a file that are there, and where. */
export interface Extent {
  /** First block within the file. */
  readonly fileBlock: number;
  /** First block of the data, counted from the end of the metadata. */
  readonly dataBlock: number;
  readonly blockCount: number;
}

/** Bytes of one address. */
export const chunkAddressBytes = 4;

/** Addresses of a file of this size. */
export function chunkCount(sizeBytes: number, chunkBits: number): number {
  return Math.ceil(sizeBytes / (blockBytes * 2 ** chunkBits));
}

/** Whether the file is one piece without holes, for which a first block says everything. */
export function isContiguous(sizeBytes: number, extents: readonly Extent[]): boolean {
  if (sizeBytes === 0) return true;
  const [first] = extents;
  return (
    extents.length === 1 &&
    first?.fileBlock === 0 &&
    first.blockCount === Math.ceil(sizeBytes / blockBytes)
  );
}

/**
 * Writes the addresses at `offset`. Invariant: each extent begins at a chunk's boundary.
 * `metadataBlocks` lie before the data.
 */
export function serializeChunkMap(
  file: {
    readonly sizeBytes: number;
    readonly chunkBits: number;
    readonly extents: readonly Extent[];
  },
  metadataBlocks: number,
  view: DataView,
  offset: number,
): void {
  const chunkBlocks = 2 ** file.chunkBits;
  const count = chunkCount(file.sizeBytes, file.chunkBits);
  let at = offset;
  let chunk = 0;
  for (const extent of file.extents) {
    for (; chunk < extent.fileBlock / chunkBlocks; chunk++, at += chunkAddressBytes) {
      view.setUint32(at, nullBlock, true);
    }
    const end = (extent.fileBlock + extent.blockCount) / chunkBlocks;
    for (; chunk < end; chunk++, at += chunkAddressBytes) {
      const within = chunk * chunkBlocks - extent.fileBlock;
      view.setUint32(at, metadataBlocks + extent.dataBlock + within, true);
    }
  }
  for (; chunk < count; chunk++, at += chunkAddressBytes) view.setUint32(at, nullBlock, true);
}
