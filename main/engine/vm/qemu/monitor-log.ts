/** The file that QEMU itself writes its messages to, kept small while a host process watches it. */
import { constants, watch } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const maxBytes = 256 * 1024;
const keptBytes = 64 * 1024;

/** Opens it empty for QEMU to append to, which makes it safe to shorten while QEMU has it. */
export async function openMonitorLog(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600);
}

/** Shortens the file whenever it grows past its bound, until the returned function is called. */
export function boundMonitorLog(path: string): () => void {
  let shortening = false;
  const watcher = watch(path, () => {
    if (shortening) return;
    shortening = true;
    // A file that is gone needs no bound.
    void shorten(path)
      .catch(() => undefined)
      .finally(() => {
        shortening = false;
      });
  });
  watcher.on('error', () => {
    watcher.close();
  });
  return () => {
    watcher.close();
  };
}

async function shorten(path: string): Promise<void> {
  await using file = await open(path, constants.O_RDWR | constants.O_APPEND);
  const { size } = await file.stat();
  if (size <= maxBytes) return;
  const kept = await readEnd(file, size, keptBytes);
  await file.truncate(0);
  await file.write(kept);
}

/** The last lines, without control characters; empty where there is no file. */
export async function readMonitorLogTail(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const text = (await readEnd(file, size, 4096)).toString('utf8');
    return text.replace(/[^\n\x20-\x7e]/g, '').trim();
  } catch {
    return '';
  }
}

async function readEnd(file: FileHandle, size: number, length: number): Promise<Buffer> {
  const start = Math.max(0, size - length);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  return buffer.subarray(0, bytesRead);
}
