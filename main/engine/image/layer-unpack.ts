/** Turns the tar of a layer into a data file and an index. Runs in a worker; see layer-worker.ts. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writevSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { LayerCompression } from '../oci/image-source.ts';
import { decompressor, isDecompressionError } from './decompression.ts';
import { writtenDataFile, type LayerDataFile } from './layer-data-file.ts';
import { LayerDataWriter } from './layer-data-writer.ts';
import { makeLayerEntry, type LayerEntry } from './layer-entry.ts';
import { LayerIndexBuilder } from './layer-index.ts';
import { corruptLayer, unsafeLayer } from './layer-problem.ts';
import { limits } from './limits.ts';
import type { TarEntry } from './tar/entry.ts';
import { TarReader, type TarVisitor } from './tar/reader.ts';

/** What a blob is said to be. */
export interface LayerTar {
  readonly compression: LayerCompression;
  /** Digest that the uncompressed tar must have. */
  readonly diffId: string;
}

/** A layer to unpack. */
export interface LayerJob extends LayerTar {
  /** Files to make; they must not exist. */
  readonly dataPath: string;
  readonly indexPath: string;
}

/** Bytes of a blob that are read at once. */
export const readBytes = 64 * 1024;

/** The bytes of a blob, and how many were read of them. */
export interface BlobBytes {
  readonly bytesRead: number;
  chunks(): AsyncIterable<Buffer>;
}

/** A whole blob of the store. */
export function openBlob(path: string): BlobBytes {
  const stream = createReadStream(path, { highWaterMark: readBytes });
  return {
    get bytesRead() {
      return stream.bytesRead;
    },
    chunks: () => stream,
  };
}

/**
 * Unpacks a layer. `onProgress` hears the bytes of the blob that were read.
 * @throws LayerProblem `image/layer-corrupt`, `image/layer-unsafe`, `image/unsupported`; or an error of the file system
 */
export async function unpackLayer(
  job: LayerJob,
  blob: BlobBytes,
  onProgress: (blobBytes: number) => void,
): Promise<void> {
  const data = openSync(job.dataPath, 'wx', 0o600);
  try {
    const parts = await readLayer(job, blob, writtenDataFile(data), onProgress);
    writeIndex(job.indexPath, parts);
  } finally {
    closeSync(data);
  }
}

/** Reads a layer, its content into `data`; resolves with the bytes of its index. See {@link unpackLayer}. */
export async function readLayer(
  tar: LayerTar,
  blob: BlobBytes,
  data: LayerDataFile,
  onProgress: (blobBytes: number) => void,
): Promise<Uint8Array[]> {
  const writer = new LayerDataWriter(data);
  const index = new LayerIndexBuilder();
  await readTar(tar, blob, new TarReader(new LayerVisitor(writer, index)), onProgress);
  writer.finish();
  return index.finish(writer.blockCount);
}

async function readTar(
  job: LayerTar,
  blob: BlobBytes,
  tar: TarReader,
  onProgress: (blobBytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  let tarBytes = 0;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      tarBytes += chunk.length;
      if (tarBytes > limits.tarBytes) {
        throw unsafeLayer(`The layer has more than ${String(limits.tarBytes)} bytes.`);
      }
      hash.update(chunk);
      tar.push(chunk);
      onProgress(blob.bytesRead);
    }
  };
  try {
    if (job.compression === 'none') await pipeline(blob.chunks(), take);
    else await pipeline(blob.chunks(), decompressor(job.compression), take);
  } catch (error) {
    throw isDecompressionError(error) ? corruptLayer(`The layer cannot be decompressed.`) : error;
  }
  tar.finish();
  const diffId = `sha256:${hash.digest('hex')}`;
  if (diffId !== job.diffId) {
    throw corruptLayer(`The layer's tar has the digest ${diffId}, where ${job.diffId} was named.`);
  }
}

function writeIndex(path: string, parts: Uint8Array[]): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    if (writevSync(file, parts, 0) !== total) throw new Error(`${path} was not written whole.`);
  } finally {
    closeSync(file);
  }
}

/** Sends content to the data and entries to the index. */
class LayerVisitor implements TarVisitor {
  readonly #data: LayerDataWriter;
  readonly #index: LayerIndexBuilder;
  #entry: LayerEntry | undefined;

  constructor(data: LayerDataWriter, index: LayerIndexBuilder) {
    this.#data = data;
    this.#index = index;
  }

  onEntry(entry: TarEntry): void {
    this.#entry = makeLayerEntry(entry);
    if (this.#entry.type === 'file') this.#data.beginFile(entry.sizeBytes);
  }

  onContent(bytes: Buffer, fileOffset: number): void {
    // A whiteout may have content, which means nothing.
    if (this.#entry?.type === 'file') this.#data.write(bytes, fileOffset);
  }

  onEntryEnd(): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    this.#index.add(entry.type === 'file' ? { ...entry, ...this.#data.endFile() } : entry);
  }
}
