/** Decompressing what a stranger compressed, a piece at a time. */
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

const inflatedBytes = 64 * 1024;

/** A stream that takes compressed bytes and gives them uncompressed, in pieces of at most 1 MiB. */
export function decompressor(compression: 'gzip' | 'zstd'): Transform {
  const options = { chunkSize: inflatedBytes };
  return compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
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
