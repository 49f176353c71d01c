/** Files that share their blocks until one of them is written (reflinks), where the filesystem can. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { AppError } from '../base/app-error.ts';
import { run } from '../host/child-process.ts';

/** A clone is a matter of moments, but of a file that has a million pieces. */
const cloneTimeoutMs = 120_000;
const probeBytes = 4096;

/** By folder: what a filesystem can does not change while it is mounted. */
const known = new Map<string, Promise<boolean>>();

/** Whether a file of this folder can be cloned; tried once. */
export function canClone(dir: string): Promise<boolean> {
  const found = known.get(dir) ?? probe(dir);
  known.set(dir, found);
  return found;
}

/**
 * Clones a file, to one that is not there, of mode 0600.
 * @throws AppError `store/no-space`, `operation/cancelled`; there is no file then
 */
export async function cloneFile(from: string, to: string, signal?: AbortSignal): Promise<void> {
  try {
    const why = await clone(from, to, signal);
    if (why === undefined) return;
    if (/No space left|quota exceeded/i.test(why)) {
      throw new AppError('store/no-space', `There is no space left to copy ${from}.`);
    }
    throw new Error(`${from} could not be cloned: ${why}`);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function probe(dir: string): Promise<boolean> {
  const source = path.join(dir, `.clone-${randomBytes(5).toString('hex')}`);
  const copy = `${source}-copy`;
  try {
    await writeFile(source, Buffer.alloc(probeBytes, 1), { flag: 'wx', mode: 0o600 });
    return (await clone(source, copy)) === undefined;
  } catch {
    return false;
  } finally {
    await Promise.all([rm(source, { force: true }), rm(copy, { force: true })]);
  }
}

/** Undefined where it was done, or why not. */
async function clone(from: string, to: string, signal?: AbortSignal): Promise<string | undefined> {
  // cp of macOS clones by -c, and copies where it cannot: there the chain does as well.
  if (process.platform !== 'linux') return 'not on this system';
  const result = await run('cp', ['--reflink=always', '--', from, to], {
    timeoutMs: cloneTimeoutMs,
    signal,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  if (result.exitCode === 0) return undefined;
  return result.stderr.trim().split('\n').at(-1) ?? 'cp failed';
}
