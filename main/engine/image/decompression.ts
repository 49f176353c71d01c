/** Decompressing what a stranger compressed, a piece at a time. */
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ZstdFrames } from './zstd-frames.ts';

const inflatedBytes = 64 * 1024;

/**
 * A stream that takes compressed bytes and gives them uncompressed, in pieces of at most 1 MiB.
 * Several members of gzip (RFC 1952) or frames of zstd (RFC 8878) after one another are one stream.
 */
export function decompressor(compression: 'gzip' | 'zstd'): Transform {
  const options = { chunkSize: inflatedBytes };
  return compression === 'gzip'
    ? createGunzip(options)
    : takingFrames(createZstdDecompress(options));
}

/**
 * Node's stream takes no more once a frame has ended within what it was given. Where the frame ends
 * with that, the next bytes begin another one, with the same memory.
 */
function takingFrames(stream: Transform): Transform {
  const frames = new ZstdFrames();
  const takeOne = stream._transform.bind(stream);
  stream._transform = (piece: Buffer, encoding, done) => {
    const parts = frames.split(piece);
    const takeNext = (index: number): void => {
      const part = parts[index];
      if (part === undefined) {
        done();
        return;
      }
      takeOne(part, encoding, (error) => {
        if (error) done(error);
        else takeNext(index + 1);
      });
    };
    takeNext(0);
  };
  return stream;
}

/** Whether the error says that the compressed bytes are damaged or end too early. */
export function isDecompressionError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(Z_|ZSTD_|ERR_ZSTD|ERR_BUFFER_TOO_LARGE)/.test(error.code)
  );
}
