/** Writes the tar of a planned archive. */
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../base/app-error.ts';
import type { ContentStore } from '../../oci/content-store.ts';
import { decompressor, isDecompressionError } from '../decompression.ts';
import type { PlannedEntry } from './plan-archive.ts';
import { paddingOf, tarBlockBytes, ustarHeader } from './ustar-header.ts';

/** Options of {@link writeArchive}. */
export interface WriteArchiveOptions {
  readonly signal: AbortSignal;
  /** Bytes of blobs that were read; one that has to be decompressed is read twice. */
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

const readBytes = 512 * 1024;

/**
 * Writes the entries to an open, empty file. Each blob is hashed on the way.
 * @throws AppError `store/corrupt` for one that is damaged; errors of the file system
 */
export async function writeArchive(
  entries: readonly PlannedEntry[],
  content: ContentStore,
  target: FileHandle,
  options: WriteArchiveOptions,
): Promise<void> {
  const bytesTotal = entries.reduce((sum, entry) => sum + bytesToRead(entry), 0);
  let bytesBefore = 0;
  const read = async (stream: BlobStream, use: (chunk: Buffer) => unknown): Promise<void> => {
    await readBlobStream(stream, content, options.signal, async (chunk, source) => {
      await use(chunk);
      options.onProgress?.(bytesBefore + source.bytesRead, bytesTotal);
    });
    bytesBefore += stream.blobBytes;
  };
  for (const entry of entries) {
    options.signal.throwIfAborted();
    const stream = streamOf(entry);
    const sizeBytes = await sizeOf(entry, read);
    await target.writeFile(ustarHeader({ name: entry.name, sizeBytes }));
    if (entry.kind === 'bytes') await target.writeFile(entry.bytes);
    if (stream !== undefined) await read(stream, (chunk) => target.writeFile(chunk));
    await target.writeFile(paddingOf(sizeBytes));
  }
  await target.writeFile(Buffer.alloc(2 * tarBlockBytes));
}

/** A blob, and the digest of what is in it. */
interface BlobStream {
  readonly blob: string;
  readonly blobBytes: number;
  readonly digest: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
}

type Read = (stream: BlobStream, use: (chunk: Buffer) => unknown) => Promise<void>;

function streamOf(entry: PlannedEntry): BlobStream | undefined {
  if (entry.kind === 'blob') {
    const { digest, size } = entry.blob;
    return { blob: digest, blobBytes: size, digest, compression: 'none' };
  }
  if (entry.kind !== 'tar') return undefined;
  const { digest: blob, size: blobBytes, diffId: digest, compression } = entry.layer;
  return { blob, blobBytes, digest, compression };
}

/** A header comes before its bytes and has their number: what is compressed is read for it. */
async function sizeOf(entry: PlannedEntry, read: Read): Promise<number> {
  if (entry.kind === 'bytes') return entry.bytes.length;
  const stream = streamOf(entry);
  if (stream === undefined) return 0;
  if (stream.compression === 'none') return stream.blobBytes;
  let sizeBytes = 0;
  await read(stream, (chunk) => {
    sizeBytes += chunk.length;
  });
  return sizeBytes;
}

function bytesToRead(entry: PlannedEntry): number {
  const stream = streamOf(entry);
  if (stream === undefined) return 0;
  return stream.compression === 'none' ? stream.blobBytes : 2 * stream.blobBytes;
}

async function readBlobStream(
  { blob, digest, compression }: BlobStream,
  content: ContentStore,
  signal: AbortSignal,
  use: (chunk: Buffer, source: ReadStream) => Promise<void>,
): Promise<void> {
  const hash = createHash('sha256');
  const source = createReadStream(content.blobPath(blob), { highWaterMark: readBytes });
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      await use(chunk, source);
    }
  };
  try {
    if (compression === 'none') await pipeline(source, take, { signal });
    else await pipeline(source, decompressor(compression), take, { signal });
  } catch (error) {
    throw isDecompressionError(error) ? damaged(blob) : error;
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw damaged(blob);
}

function damaged(digest: string): AppError {
  return new AppError('store/corrupt', `The blob ${digest} in the image store is damaged.`);
}
