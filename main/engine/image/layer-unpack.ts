/** Turns the tar of a layer into a data file and an index. Runs in a worker; see layer-worker.ts. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writevSync } from 'node:fs';
import type { LayerCompression } from '../oci/image-source.ts';
import { FilePieces, inflate } from './inflate.ts';
import { writtenDataFile, type LayerDataFile } from './layer-data-file.ts';
import { LayerDataWriter } from './layer-data-writer.ts';
import { makeLayerEntry, type LayerEntry } from './layer-entry.ts';
import { LayerIndexBuilder } from './layer-index.ts';
import { corruptLayer, unsafeLayer } from './layer-problem.ts';
import { limits } from './limits.ts';
import type { TarEntry } from './tar/entry.ts';
import { TarReader, type TarVisitor } from './tar/reader.ts';

/** The tar of a layer, as it came. */
export interface LayerBlob {
  readonly blobPath: string;
  readonly compression: LayerCompression;
  /** Digest that the uncompressed tar must have. */
  readonly diffId: string;
}

/** A layer to unpack. */
export interface LayerJob extends LayerBlob {
  /** Files to make; they must not exist. */
  readonly dataPath: string;
  readonly indexPath: string;
}

/**
 * Unpacks a layer. `onProgress` hears the bytes of the blob that were read.
 * @throws LayerProblem `image/layer-corrupt`, `image/layer-unsafe`, `image/unsupported`; or an error of the file system
 */
export async function unpackLayer(
  job: LayerJob,
  onProgress: (blobBytes: number) => void,
): Promise<void> {
  const data = openSync(job.dataPath, 'wx', 0o600);
  try {
    writeIndex(job.indexPath, await readLayer(job, writtenDataFile(data), onProgress));
  } finally {
    closeSync(data);
  }
}

/** Reads a layer, its content into `data`; resolves with the bytes of its index. See {@link unpackLayer}. */
export async function readLayer(
  job: LayerBlob,
  data: LayerDataFile,
  onProgress: (blobBytes: number) => void,
): Promise<Uint8Array[]> {
  const writer = new LayerDataWriter(data);
  const index = new LayerIndexBuilder();
  await readTar(job, new TarReader(new LayerVisitor(writer, index)), onProgress);
  writer.finish();
  return index.finish(writer.blockCount);
}

async function readTar(
  job: LayerBlob,
  tar: TarReader,
  onProgress: (blobBytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const blob = new FilePieces(job.blobPath);
  let tarBytes = 0;
  await inflate(blob, job.compression, (bytes) => {
    tarBytes += bytes.length;
    if (tarBytes > limits.tarBytes) {
      throw unsafeLayer(`The layer has more than ${String(limits.tarBytes)} bytes.`);
    }
    hash.update(bytes);
    tar.push(bytes);
    onProgress(blob.bytesRead);
  });
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
