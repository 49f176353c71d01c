/** What is done to the files of disk chains. Each step leaves what was there, or what was wanted. */
import { chmod, link, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { asDiskError, systemErrorCode } from '../base/disk-error.ts';
import { createBareOverlay, growQcow2 } from '../host/qemu-img.ts';
import {
  chainPaths,
  isChainFileName,
  newChainFile,
  topOf,
  type ChainFile,
  type DiskChain,
} from './disk-chain.ts';

/** stat(2): st_blocks counts these, whatever the filesystem's own are. */
const blockBytes = 512;
/** QEMU, docs/interop/qcow2.txt: magic at 0, the size of the disk at 24, big-endian. */
const qcow2Magic = 0x514649fb;
const qcow2SizeAt = 24;
const qcow2HeadBytes = 32;

/** What a chain takes on the host. */
export interface ChainSizes {
  readonly bytes: number;
  /** Of files that no other folder has. */
  readonly ownBytes: number;
}

/** Size of the disk that a guest sees. */
export async function virtualSize(dir: string, chain: DiskChain): Promise<number> {
  const { name, format } = topOf(chain);
  await using handle = await open(path.join(dir, name), 'r');
  if (format === 'raw') return (await handle.stat()).size;
  const head = Buffer.alloc(qcow2HeadBytes);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  if (bytesRead < head.length || head.readUInt32BE(0) !== qcow2Magic) {
    throw new Error(`${name} is no qcow2.`);
  }
  return Number(head.readBigUInt64BE(qcow2SizeAt));
}

/** An empty file of a new name to write to, above whatever it is opened with. */
export async function makeOverlay(
  dir: string,
  virtualBytes: number,
  signal?: AbortSignal,
): Promise<ChainFile> {
  const overlay = newChainFile('qcow2');
  await createBareOverlay(path.join(dir, overlay.name), virtualBytes, signal);
  return overlay;
}

/**
 * Gives another folder hard links to all files of a chain, none of which is written from then on.
 * A name that the folder has for another file is replaced by a new one.
 * @throws AppError `store/no-space`
 */
export async function linkChain(from: string, chain: DiskChain, to: string): Promise<DiskChain> {
  const linked: ChainFile[] = [];
  for (const file of chain) {
    await chmod(path.join(from, file.name), 0o400);
    linked.push(await linkFile(from, file, to));
  }
  return linked;
}

async function linkFile(from: string, file: ChainFile, to: string): Promise<ChainFile> {
  const source = path.join(from, file.name);
  const target = path.join(to, file.name);
  try {
    await link(source, target);
    return file;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw asDiskError(error, target);
  }
  if (await isSameFile(source, target)) return file;
  const renamed = newChainFile(file.format);
  await link(source, path.join(to, renamed.name));
  return renamed;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  return a.dev === b.dev && a.ino === b.ino;
}

/** Makes the top as large as this, if it is smaller; the guest grows its filesystem. */
export async function growTop(dir: string, chain: DiskChain, wantedBytes: number): Promise<void> {
  if ((await virtualSize(dir, chain)) >= wantedBytes) return;
  const { name, format } = topOf(chain);
  const file = path.join(dir, name);
  if (format === 'raw') await truncate(file, wantedBytes);
  else await growQcow2(file, wantedBytes);
}

/** Space on the host. A file that is gone counts nothing. */
export async function chainSizes(dir: string, chain: DiskChain): Promise<ChainSizes> {
  const stats = await Promise.all(
    chainPaths(dir, chain).map((file) => stat(file.path).catch(() => undefined)),
  );
  let bytes = 0;
  let ownBytes = 0;
  for (const found of stats) {
    if (found === undefined) continue;
    bytes += found.blocks * blockBytes;
    if (found.nlink === 1) ownBytes += found.blocks * blockBytes;
  }
  return { bytes, ownBytes };
}

/** The files of a chain that are not in its folder. */
export async function missingFiles(dir: string, chain: DiskChain): Promise<string[]> {
  const checks = chainPaths(dir, chain).map(async ({ path: file }) => {
    const found = await stat(file).catch(() => undefined);
    return found?.isFile() === true ? [] : [file];
  });
  return (await Promise.all(checks)).flat();
}

/** Removes files of disks that are not of this chain: what a change that was cut off has left. */
export async function removeStrayFiles(dir: string, chain: DiskChain): Promise<void> {
  const kept = new Set(chain.map(({ name }) => name));
  for (const name of await readdir(dir)) {
    const isOfDisk = isChainFileName(name.replace(/\.tmp$/, ''));
    if (isOfDisk && !kept.has(name)) await rm(path.join(dir, name), { force: true });
  }
}
