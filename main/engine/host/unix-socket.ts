import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { cancelledError } from '../base/app-error.ts';

/** Resolves when the file is there; rejects when the signal aborts. Sees it by the kernel's events. */
export async function waitForFile(path: string, signal: AbortSignal): Promise<void> {
  const directory = dirname(path);
  const name = basename(path);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const abort = (): void => {
    reject(cancelledError(`Waiting for ${path}`));
  };
  // The watch begins before the look, so that nothing falls between them.
  const watcher = watch(directory, (_event, changed) => {
    if (changed === name || changed === null) void look();
  });
  const look = async (): Promise<void> => {
    try {
      if ((await readdir(directory)).includes(name)) resolve(undefined);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  watcher.on('error', reject);
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) abort();
    void look();
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    watcher.close();
  }
}

/**
 * A connection to a unix socket; rejects as `connect(2)` fails, or when the signal aborts.
 * A later error closes it, and ends nothing but it where nobody listens.
 */
export async function connectUnixSocket(path: string, signal?: AbortSignal): Promise<Socket> {
  const socket = connect(path);
  // QEMU may die between this and the first real listener; an error without one ends a process.
  socket.on('error', () => undefined);
  const abort = (): void => {
    socket.destroy(cancelledError(`Connecting to ${path}`));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await new Promise((resolve, reject) => {
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
      socket.once('error', reject);
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
