/** The file that a machine has its memory in. */
import { open, stat } from 'node:fs/promises';
import { AppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';

const bytesPerMiB = 1024 * 1024;

/**
 * Makes the file, empty and its owner's alone; QEMU would let everybody read it.
 * @throws AppError `vm/start-failed` where it is there already, or cannot be
 */
export async function makeMemoryFile(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (cause) {
    const message = `${path} cannot be made for the memory: ${String(systemErrorCode(cause))}.`;
    throw new AppError('vm/start-failed', message, { cause });
  }
}

/**
 * Sees that the memory of a saved machine is there and whole: QEMU would make a file that is not.
 * @throws AppError `vm/restore-failed`
 */
export async function checkMemoryFile(path: string, memoryMiB: number): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    const message = `The memory ${path} cannot be read: ${String(systemErrorCode(cause))}.`;
    throw new AppError('vm/restore-failed', message, { cause });
  });
  if (stats.isFile() && stats.size === memoryMiB * bytesPerMiB) return;
  throw new AppError(
    'vm/restore-failed',
    `The memory ${path} has ${String(stats.size)} bytes, and the machine ${String(memoryMiB)} MiB.`,
  );
}
