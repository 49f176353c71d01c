/** Private files for archives that come from stdin or go to stdout: the host process reads files. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { clientError } from '../server/client/client-error.ts';
import { UsageError } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import { write } from './output.ts';

/** The file that means stdin or stdout. */
export const streamName = '-';

/** A private directory that is removed when it is disposed. */
export async function makeSpool(): Promise<AsyncDisposable & { readonly path: string }> {
  const dir = await mkdtemp(path.join(await spoolDir(), 'skerry-spool-'));
  return { path: dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/**
 * Writes stdin to a file. @throws UsageError at a terminal; ClientError `store/no-space`;
 * InterruptedError where a signal came
 */
export async function spoolStdin(file: string, interrupts: Interrupts): Promise<void> {
  if (process.stdin.isTTY) throw new UsageError('An archive cannot be typed: redirect stdin.');
  const controller = new AbortController();
  interrupts.handle(() => {
    controller.abort();
  });
  try {
    const options = { flags: 'wx', mode: 0o600 };
    const { signal } = controller;
    await pipeline(process.stdin, createWriteStream(file, options), { signal });
  } catch (error) {
    interrupts.throwIfInterrupted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw clientError('store/no-space', `There is no space left to write ${file}.`, error);
    }
    throw error;
  } finally {
    interrupts.ignore();
  }
}

/** Refuses a terminal as a place for an archive. @throws UsageError */
export function checkStdoutTakesBytes(): void {
  if (process.stdout.isTTY) {
    throw new UsageError('An archive is not for a terminal: redirect stdout, or use -o FILE.');
  }
}

/** Writes a file to stdout. @throws InterruptedError where a signal came */
export async function printFile(file: string, interrupts: Interrupts): Promise<void> {
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    interrupts.throwIfInterrupted();
    await write(process.stdout, chunk);
  }
}

/** For large files that do not last: /tmp is often memory (File-system Hierarchy Standard, 5.15). */
async function spoolDir(): Promise<string> {
  const large = '/var/tmp';
  if (process.env['TMPDIR'] !== undefined) return os.tmpdir();
  const found = await stat(large).catch(() => undefined);
  return found?.isDirectory() === true ? large : os.tmpdir();
}
