/** All files of a chain as one raw file, with what they rest on besides. */
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { AppError, cancelledError } from '../base/app-error.ts';
import { qemuImgPath } from '../host/qemu-img.ts';
import { chainPaths, isWhole, newChainFile, type ChainFile, type DiskChain } from './disk-chain.ts';

/** Options of {@link flattenChain}. */
export interface FlattenOptions {
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1, now and then. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Below the chain, where that is not whole: the disk that was forked, the nearest first. */
  readonly below: readonly { readonly path: string; readonly format: string }[];
}

const maxWordsBytes = 4096;

/**
 * Writes the content of a chain as one sparse file into `to`. Nothing of the chain changes.
 * @throws AppError `store/no-space`, `vm/qemu-missing`, `operation/cancelled`; there is no file then
 */
export async function flattenChain(
  from: string,
  chain: DiskChain,
  to: string,
  options: FlattenOptions,
): Promise<ChainFile> {
  const flat = newChainFile('raw');
  const file = path.join(to, flat.name);
  const temporary = `${file}.tmp`;
  const source = [...chainPaths(from, chain), ...(isWhole(chain) ? [] : options.below)];
  try {
    await convert(imageOptions(source), temporary, options);
    await chmod(temporary, 0o600);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return flat;
}

/** Every file and its format, so that nothing that one of them names is opened. Pure. */
export function imageOptions(files: FlattenOptions['below']): string {
  let below: object | null = null;
  for (const { path: file, format } of [...files].reverse()) {
    below = {
      driver: format,
      file: { driver: 'file', filename: file },
      ...(format === 'qcow2' ? { backing: below } : {}),
    };
  }
  return `json:${JSON.stringify(below)}`;
}

async function convert(
  source: string,
  file: string,
  { signal, onProgress }: FlattenOptions,
): Promise<void> {
  throwIfAborted(signal);
  // -U: a machine may have the lower files open, which it does not write.
  const args = ['convert', '-U', '-p', '-O', 'raw', source, file];
  const child = spawn(await qemuImgPath(), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  let words = '';
  child.stderr.on('data', (bytes: Buffer) => {
    words = (words + bytes.toString('latin1')).slice(-maxWordsBytes);
  });
  child.stdout.on('data', (bytes: Buffer) => {
    const percent = /\(([0-9.]+)\/100%\)[^(]*$/.exec(bytes.toString('latin1'))?.[1];
    if (percent !== undefined) onProgress?.(Math.min(Number(percent) / 100, 1));
  });
  const abort = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    throwIfAborted(signal);
    if (exitCode === 0 && (await stat(file)).isFile()) return;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  if (/No space left|quota exceeded/i.test(words)) {
    throw new AppError('store/no-space', `There is no room for ${file}.`);
  }
  const why = words.trim().split('\n').at(-1) ?? '';
  throw new Error(`qemu-img could not join a disk: ${why.replace(/[^\x20-\x7e]/g, '?')}`);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelledError('The joining of a disk');
}
