/** The compressions that distributions use for kernels and their modules. */
import { spawnSync } from 'node:child_process';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/** Room for the largest kernel with symbols; a guard, not a promise. */
const outputLimitBytes = 512 * 1024 * 1024;

/** The content of a gzip, zstd or xz stream, told apart by its first bytes; other bytes as they are. */
export function decompress(bytes: Uint8Array): Uint8Array {
  const options = { maxOutputLength: outputLimitBytes };
  if (startsWith(bytes, [0x1f, 0x8b])) return gunzipSync(bytes, options);
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return zstdDecompressSync(bytes, options);
  if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a])) return decompressXz(bytes);
  return bytes;
}

/** Node has no xz; the tool is part of every Debian system. */
function decompressXz(bytes: Uint8Array): Uint8Array {
  const result = spawnSync('xz', ['--decompress', '--stdout'], {
    input: bytes,
    maxBuffer: outputLimitBytes,
  });
  if (result.error) throw new Error(`xz cannot be run: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`xz failed: ${result.stderr.toString().trim()}`);
  return result.stdout;
}

/** Whether the bytes begin with these. */
export function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
