/** Sizes, bytes and hashes of files whose content is not trusted. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { systemErrorCode } from '../base/disk-error.ts';

/** Size of a regular file; `undefined` where there is none. A symlink counts as none. */
export async function sizeOfFile(path: string): Promise<number | undefined> {
  try {
    const status = await lstat(path);
    return status.isFile() ? status.size : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The first `size` bytes of a file, fewer where it has shrunk. A symlink is not followed. */
export async function readWhole(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await file.read(bytes, done, size - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}

/** Options of {@link hashFile}. */
export interface HashFileOptions {
  readonly signal?: AbortSignal;
  /** Hears how many bytes are hashed. */
  readonly onOffset?: (offset: number) => void;
}

/** `sha256:` digest of a file. */
export async function hashFile(path: string, options: HashFileOptions = {}): Promise<string> {
  const hash = createHash('sha256');
  let offset = 0;
  const stream = createReadStream(path, {
    highWaterMark: 1024 * 1024,
    ...(options.signal && { signal: options.signal }),
  });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    offset += chunk.length;
    options.onOffset?.(offset);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Flushes a file that is written already. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
