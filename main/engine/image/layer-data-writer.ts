/**
 * Writes the content of a layer's files one after the other, each beginning on a block. Runs of
 * zero blocks become holes: they take no block of the data.
 */
import { blockBytes, blocksFor } from '../erofs/format/block.ts';
import type { Extent } from '../erofs/format/chunk-map.ts';
import type { LayerDataFile } from './layer-data-file.ts';
import type { FileContent } from './layer-entry.ts';
import { unsafeLayer } from './layer-problem.ts';
import { limits } from './limits.ts';

const stagingBytes = 1024 * 1024;
/** Shorter runs are written: a file in one piece needs no map. */
const leastHoleBlocks = 16;
/** Most chunks of a file with holes; a larger file has larger chunks. */
const mostChunks = 2 ** 20;
const zeroBlock = Buffer.alloc(blockBytes);

/** The data file of a layer. Calls come in order: begin, write at ascending offsets, end. */
export class LayerDataWriter {
  readonly #file: LayerDataFile;
  readonly #staging = Buffer.allocUnsafe(stagingBytes);
  #staged = 0;
  /** Blocks before the staging buffer's first. */
  #flushedBlocks = 0;
  #sizeBytes = 0;
  #chunkBits = 0;
  #extents: Extent[] = [];
  #open: { fileBlock: number; dataBlock: number } | undefined;
  /** Blocks of the file that are decided, then the zero blocks that are not. */
  #fileBlocks = 0;
  #zeroBlocks = 0;
  /** The file's last block, as far as it came. */
  readonly #partial = Buffer.alloc(blockBytes);
  #partialBytes = 0;

  constructor(file: LayerDataFile) {
    this.#file = file;
  }

  /** Blocks of the data so far. */
  get blockCount(): number {
    return this.#flushedBlocks + this.#staged / blockBytes;
  }

  /** Begins a file of this length. */
  beginFile(sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
    this.#chunkBits = chunkBitsFor(sizeBytes);
    this.#extents = [];
    this.#open = undefined;
    this.#fileBlocks = 0;
    this.#zeroBlocks = 0;
    this.#partialBytes = 0;
  }

  /** Writes at an offset that is not before the end of the last write; what is left out is zeros. */
  write(bytes: Buffer, fileOffset: number): void {
    this.#writeZeros(fileOffset - this.#position());
    let rest = bytes;
    if (this.#partialBytes > 0) rest = this.#fillPartial(rest);
    let at = 0;
    while (rest.length - at >= blockBytes) {
      const start = at;
      while (rest.length - at >= blockBytes && !isZeroBlock(rest, at)) at += blockBytes;
      if (at > start) this.#appendBlocks(rest.subarray(start, at));
      while (rest.length - at >= blockBytes && isZeroBlock(rest, at)) {
        this.#zeroBlocks++;
        at += blockBytes;
      }
    }
    if (at < rest.length) this.#fillPartial(rest.subarray(at));
  }

  /** Ends the file and says where its content is. */
  endFile(): FileContent {
    this.#writeZeros(this.#sizeBytes - this.#position());
    if (this.#partialBytes > 0) this.#completePartial();
    this.#decideZeros(true);
    this.#closeExtent();
    return { sizeBytes: this.#sizeBytes, chunkBits: this.#chunkBits, extents: this.#extents };
  }

  /** Writes out what is buffered and gives the file its length. */
  finish(): void {
    this.#flush();
    this.#file.end(this.#flushedBlocks * blockBytes);
  }

  #position(): number {
    return (this.#fileBlocks + this.#zeroBlocks) * blockBytes + this.#partialBytes;
  }

  #writeZeros(byteCount: number): void {
    if (byteCount <= 0) return;
    let left = byteCount;
    if (this.#partialBytes > 0) {
      const part = Math.min(left, blockBytes - this.#partialBytes);
      this.#fillPartial(zeroBlock.subarray(0, part));
      left -= part;
    }
    this.#zeroBlocks += Math.floor(left / blockBytes);
    const tail = left % blockBytes;
    if (tail > 0) this.#fillPartial(zeroBlock.subarray(0, tail));
  }

  #fillPartial(bytes: Buffer): Buffer {
    const part = Math.min(bytes.length, blockBytes - this.#partialBytes);
    bytes.copy(this.#partial, this.#partialBytes, 0, part);
    this.#partialBytes += part;
    if (this.#partialBytes === blockBytes) this.#completePartial();
    return bytes.subarray(part);
  }

  #completePartial(): void {
    this.#partial.fill(0, this.#partialBytes);
    this.#partialBytes = 0;
    if (isZeroBlock(this.#partial, 0)) this.#zeroBlocks++;
    else this.#appendBlocks(this.#partial);
  }

  #appendBlocks(bytes: Buffer): void {
    this.#decideZeros(false);
    this.#open ??= { fileBlock: this.#fileBlocks, dataBlock: this.blockCount };
    this.#stage(bytes);
    this.#fileBlocks += bytes.length / blockBytes;
  }

  /** Makes the zero blocks before the next block, or the file's end, a hole or data. */
  #decideZeros(atEnd: boolean): void {
    if (this.#zeroBlocks === 0) return;
    const chunk = 2 ** this.#chunkBits;
    const first = this.#fileBlocks;
    const next = first + this.#zeroBlocks;
    const holeStart = Math.ceil(first / chunk) * chunk;
    const holeEnd = atEnd ? next : Math.floor(next / chunk) * chunk;
    this.#zeroBlocks = 0;
    if (holeEnd - holeStart < leastHoleBlocks) {
      this.#appendZeros(next - first);
      return;
    }
    this.#appendZeros(holeStart - first);
    this.#closeExtent();
    this.#fileBlocks = holeEnd;
    this.#appendZeros(next - holeEnd);
  }

  #appendZeros(blockCount: number): void {
    if (blockCount === 0) return;
    this.#open ??= { fileBlock: this.#fileBlocks, dataBlock: this.blockCount };
    this.#fileBlocks += blockCount;
    this.#checkRoom(blockCount);
    if (blockCount <= leastHoleBlocks) {
      for (let count = 0; count < blockCount; count++) this.#stage(zeroBlock);
      return;
    }
    // What is never written stays a hole of the host's file, and reads as zeros.
    this.#flush();
    this.#flushedBlocks += blockCount;
  }

  #closeExtent(): void {
    if (this.#open === undefined) return;
    const blockCount = this.#fileBlocks - this.#open.fileBlock;
    this.#extents.push({ ...this.#open, blockCount });
    this.#open = undefined;
  }

  #stage(bytes: Buffer): void {
    this.#checkRoom(bytes.length / blockBytes);
    let rest = bytes;
    while (rest.length > 0) {
      const part = rest.copy(this.#staging, this.#staged);
      this.#staged += part;
      rest = rest.subarray(part);
      if (this.#staged === stagingBytes) this.#flush();
    }
  }

  #checkRoom(blockCount: number): void {
    if ((this.blockCount + blockCount) * blockBytes > limits.dataBytes) {
      throw unsafeLayer(`The files of the layer have more than ${String(limits.dataBytes)} bytes.`);
    }
  }

  #flush(): void {
    const position = this.#flushedBlocks * blockBytes;
    if (this.#staged > 0) this.#file.write(this.#staging.subarray(0, this.#staged), position);
    this.#flushedBlocks += this.#staged / blockBytes;
    this.#staged = 0;
  }
}

function chunkBitsFor(sizeBytes: number): number {
  let bits = 0;
  while (blocksFor(sizeBytes) / 2 ** bits > mostChunks) bits++;
  return bits;
}

function isZeroBlock(bytes: Buffer, at: number): boolean {
  // Nearly every block that is not zero shows it in its first byte or in the middle.
  if (bytes[at] !== 0 || bytes[at + blockBytes / 2] !== 0) return false;
  return zeroBlock.equals(bytes.subarray(at, at + blockBytes));
}
