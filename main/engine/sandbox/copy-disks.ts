import { stat } from 'node:fs/promises';
import { AppError } from '../base/app-error.ts';
import { run } from '../host/child-process.ts';
import type { SandboxFiles } from './sandbox-records.ts';

/** A disk of many gigabytes on a slow disk needs its time; the user can cancel. */
const copyTimeoutMs = 60 * 60 * 1000;

/**
 * Copies what a sandbox has written. By `cp`, which shares the blocks where the filesystem can
 * (reflinks) and keeps holes where it cannot: an empty disk of gigabytes stays small.
 * @throws AppError `store/no-space`, `operation/cancelled`
 */
export async function copyDisks(
  from: SandboxFiles,
  to: SandboxFiles,
  signal: AbortSignal,
): Promise<void> {
  const pairs = [
    [from.upperDisk, to.upperDisk],
    [from.forkDisk, to.forkDisk],
  ] as const;
  for (const [source, copy] of pairs) {
    if ((await stat(source).catch(() => undefined)) !== undefined)
      await copyFile(source, copy, signal);
  }
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
