/** The blob of a new layer: its tar compressed as it comes, both hashed on the way. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError, cancelledError } from '../base/app-error.ts';

/** Where half the ratio of the best level is had at a fraction of its time. */
const gzipLevel = 4;
const chunkBytes = 256 * 1024;

/** Options of {@link writeLayerBlob}. */
export interface LayerBlobOptions {
  /** More bytes of tar are refused. */
  readonly maxTarBytes: number;
  readonly signal: AbortSignal;
  readonly onTarBytes?: ((tarBytes: number) => void) | undefined;
}

/** What was written. */
export interface LayerBlob {
  readonly digest: string;
  readonly size: number;
  /** Digest of the tar. */
  readonly diffId: string;
}

/**
 * Writes the blob to a new file, which the caller removes where this fails. Only a few chunks are in
 * memory, however long the tar is.
 * @throws AppError `image/commit-failed`, `operation/cancelled`, and what the tar throws
 */
export async function writeLayerBlob(
  path: string,
  tar: AsyncIterable<Uint8Array>,
  { maxTarBytes, signal, onTarBytes }: LayerBlobOptions,
): Promise<LayerBlob> {
  const tarHash = createHash('sha256');
  const blobHash = createHash('sha256');
  let tarBytes = 0;
  let size = 0;
  try {
    await pipeline(
      async function* (): AsyncIterable<Uint8Array> {
        for await (const chunk of tar) {
          tarBytes += chunk.length;
          if (tarBytes > maxTarBytes) throw tooLong(maxTarBytes);
          tarHash.update(chunk);
          onTarBytes?.(tarBytes);
          yield chunk;
        }
      },
      createGzip({ level: gzipLevel, chunkSize: chunkBytes }),
      async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
        for await (const chunk of chunks) {
          blobHash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    throw signal.aborted ? cancelledError('The writing of the layer') : error;
  }
  return {
    digest: `sha256:${blobHash.digest('hex')}`,
    size,
    diffId: `sha256:${tarHash.digest('hex')}`,
  };
}

function tooLong(maxTarBytes: number): AppError {
  const message = `The changes have more than ${String(maxTarBytes)} bytes, which is more than this sandbox may have in a layer.`;
  return new AppError('image/commit-failed', message, {
    hint: 'Files with large holes count with all their zeros: remove them, or make the disk larger.',
  });
}
