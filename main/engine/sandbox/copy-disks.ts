import path from 'node:path';
import { AppError } from '../base/app-error.ts';
import { run } from '../host/child-process.ts';
import { linkChain } from '../snapshot/chain-files.ts';
import { topOf, type DiskChain } from '../snapshot/disk-chain.ts';

/** A disk of many gigabytes on a slow disk needs its time; the user can cancel. */
const copyTimeoutMs = 60 * 60 * 1000;

/**
 * Copies what a sandbox has written: the top by `cp`, which shares the blocks where the filesystem
 * can (reflinks) and keeps holes where it cannot; files below it are never written, and shared.
 * @returns the chain of the copy
 * @throws AppError `store/no-space`, `operation/cancelled`
 */
export async function copyDisk(
  from: string,
  chain: DiskChain,
  to: string,
  signal: AbortSignal,
): Promise<DiskChain> {
  const top = topOf(chain);
  await copyFile(path.join(from, top.name), path.join(to, top.name), signal);
  return [top, ...(await linkChain(from, chain.slice(1), to))];
}

async function copyFile(source: string, copy: string, signal: AbortSignal): Promise<void> {
  const how = process.platform === 'darwin' ? ['-c'] : ['--sparse=always', '--reflink=auto'];
  const result = await run('cp', [...how, '--', source, copy], {
    timeoutMs: copyTimeoutMs,
    signal,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  if (result.exitCode === 0) return;
  const why = result.stderr.trim().split('\n').at(-1) ?? '';
  if (/No space left|quota exceeded/i.test(why)) {
    throw new AppError('store/no-space', `There is no space left to copy ${source}.`);
  }
  throw new Error(`cp could not copy ${source}: ${why || `exit code ${String(result.exitCode)}`}`);
}
