/** Reading and decompressing a layer's blob with buffers that are used again. Runs in a worker. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { LayerCompression } from '../oci/image-source.ts';
import { corruptLayer } from './layer-problem.ts';

const readBytes = 128 * 1024;
/** Small, because what zlib gives is garbage soon, of which threads keep by the megabyte. */
const inflatedBytes = 64 * 1024;

/** A file piece by piece; each piece is valid until the next is asked for. */
export class FilePieces implements Iterable<Buffer> {
  readonly #path: string;
  #bytesRead = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes of the pieces that were given. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  *[Symbol.iterator](): Generator<Buffer, void> {
    const file = openSync(this.#path, 'r');
    try {
      const buffer = Buffer.allocUnsafeSlow(readBytes);
      for (;;) {
        const length = readSync(file, buffer);
        if (length === 0) return;
        this.#bytesRead += length;
        yield buffer.subarray(0, length);
      }
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Gives what the pieces decompress to, each valid during the call.
 * @throws LayerProblem `image/layer-corrupt`; what `take` throws
 */
export async function inflate(
  pieces: Iterable<Buffer>,
  compression: LayerCompression,
  take: (bytes: Buffer) => void,
): Promise<void> {
  if (compression === 'none') {
    for (const piece of pieces) take(piece);
    return;
  }
  const options = { chunkSize: inflatedBytes };
  const inflater: Transform =
    compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const feeding = feed(pieces, inflater);
  try {
    for await (const chunk of inflater as AsyncIterable<Buffer>) take(chunk);
  } catch (error) {
    throw isDecompressionError(error) ? corruptLayer('The layer cannot be decompressed.') : error;
  } finally {
    inflater.destroy();
    await feeding;
  }
}

/** Its failures are those of the inflater, where they are heard. */
async function feed(pieces: Iterable<Buffer>, inflater: Transform): Promise<void> {
  let goOn = (): void => undefined;
  // A piece that damage is found in is never called done.
  inflater.once('close', () => {
    goOn();
  });
  try {
    for (const piece of pieces) {
      await new Promise<void>((resolve) => {
        goOn = resolve;
        inflater.write(piece, () => {
          resolve();
        });
      });
      if (inflater.destroyed) return;
    }
    inflater.end();
  } catch (error) {
    inflater.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function isDecompressionError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(Z_|ZSTD_|ERR_ZSTD|ERR_BUFFER_TOO_LARGE)/.test(error.code)
  );
}
