/** Finds the guest assets of this machine, and makes writable disks from their templates. */
import { execFile } from 'node:child_process';
import { open, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import {
  guestAssetsManifestSchema,
  type GuestAssets,
  type GuestAssetsManifest,
} from './guest-assets.ts';
import { guestKernelWish, type GuestKernelWish } from './guest-kernel-wish.ts';

/** The folder of all guest assets in a cache. */
export const guestAssetsFolder = 'guest';

/**
 * The symlink there that says which assets to use: those that were built last or, where a kernel
 * is named, the last of that kernel.
 */
export function currentAssetsLink(kernel: GuestKernelWish = 'auto'): string {
  return kernel === 'auto' ? 'current' : `current-${kernel}`;
}

const bytesPerMiB = 1024 * 1024;
const tscRateTimeoutMs = 10_000;

/** Which of the assets in a cache. */
export interface LoadOptions {
  /** Those of this kernel; without it, as `SKERRY_GUEST_KERNEL` says. */
  readonly kernel?: GuestKernelWish;
}

/**
 * The guest assets of a kernel that were built last into this cache.
 * @throws AppError `vm/assets-missing` where there are none, or none that this version reads
 */
export async function loadGuestAssets(
  cacheDir: string,
  { kernel = guestKernelWish() }: LoadOptions = {},
): Promise<GuestAssets> {
  const link = path.join(cacheDir, guestAssetsFolder, currentAssetsLink(kernel));
  // Resolved once, so that files of two builds never come together.
  const dir = await realpath(link).catch((error: unknown) => {
    const what = kernel === 'auto' ? '' : ` with the kernel "${kernel}"`;
    throw missing(`There are no guest assets${what} in ${path.dirname(link)}.`, error);
  });
  const manifest = await readManifest(path.join(dir, 'manifest.json'));
  if (manifest.arch !== process.arch) {
    throw missing(`The guest assets in ${dir} are for ${manifest.arch}, not ${process.arch}.`);
  }
  return {
    dir,
    manifest,
    kernelPath: path.join(dir, manifest.kernel.file),
    initramfsPath: path.join(dir, manifest.initramfs),
    diskInitramfsPath: path.join(dir, manifest.diskInitramfs),
    shareMountPath:
      manifest.shareMount === undefined ? undefined : path.join(dir, manifest.shareMount),
    shellPath: manifest.shell === undefined ? undefined : path.join(dir, manifest.shell),
    kernelArguments: [...manifest.kernel.arguments, ...(await tscArguments(dir, manifest))],
    starterImageDir: path.join(dir, manifest.starterImage),
  };
}

async function readManifest(file: string): Promise<GuestAssetsManifest> {
  try {
    return guestAssetsManifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw missing(`${file} cannot be used: ${why}`, error);
  }
}

function missing(message: string, cause?: unknown): AppError {
  return new AppError('vm/assets-missing', message, { cause });
}

/** The rate holds as long as this machine is up, and measuring it takes 50 ms. */
const tscRates = new Map<string, Promise<string>>();

async function tscArguments(dir: string, manifest: GuestAssetsManifest): Promise<string[]> {
  if (manifest.tscRate === undefined) return [];
  const tool = path.join(dir, manifest.tscRate);
  const rate = tscRates.get(tool) ?? measureTscRate(tool);
  tscRates.set(tool, rate);
  return [`tsc_early_khz=${await rate}`];
}

async function measureTscRate(tool: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(tool, { timeout: tscRateTimeoutMs });
    const rate = stdout.trim();
    if (!/^[1-9]\d{3,8}$/.test(rate)) throw new Error(`it printed ${JSON.stringify(stdout)}`);
    return rate;
  } catch (error) {
    tscRates.delete(tool);
    throw missing(`The rate of the time-stamp counter was not measured: ${String(error)}.`, error);
  }
}

/**
 * Makes a sparse disk at `file`, which must not be there, with an empty ext4 filesystem: from the
 * largest template that fits, which the guest grows where the disk is larger.
 * @throws AppError `store/no-space`, `vm/assets-missing`, `config/invalid` for a disk too small
 */
export async function createUpperDisk(
  assets: GuestAssets,
  file: string,
  sizeMiB: number,
): Promise<void> {
  const template = assets.manifest.upperTemplates
    .filter((one) => one.sizeMiB <= sizeMiB)
    .reduce<UpperTemplate | undefined>(largerOf, undefined);
  if (template === undefined) {
    const message = `A disk of ${String(sizeMiB)} MiB is too small for a filesystem.`;
    throw new AppError('config/invalid', message);
  }
  const data = await readFile(path.join(assets.dir, template.file)).catch((error: unknown) => {
    throw missing(`The template of a disk cannot be read: ${String(error)}.`, error);
  });
  const disk = await open(file, 'wx', 0o600);
  try {
    await disk.truncate(sizeMiB * bytesPerMiB);
    let used = 0;
    for (const [offset, length] of template.ranges) {
      await disk.write(data, used, length, offset);
      used += length;
    }
  } catch (error) {
    await rm(file, { force: true });
    throw diskError(error, file);
  } finally {
    await disk.close();
  }
}

type UpperTemplate = GuestAssetsManifest['upperTemplates'][number];

function largerOf(one: UpperTemplate | undefined, other: UpperTemplate): UpperTemplate {
  return one === undefined || other.sizeMiB > one.sizeMiB ? other : one;
}

function diskError(error: unknown, file: string): unknown {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  if (!isFull) return error;
  return new AppError('store/no-space', `There is no room for ${file}.`, { cause: error });
}
