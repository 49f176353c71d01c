/**
 * A disk as it is at one moment, kept in another folder while its owner goes on; and a disk that
 * begins with what was kept. Whatever cuts one of these off leaves the owner's disk whole.
 */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { canClone, cloneFile } from './clone-file.ts';
import { linkChain, makeOverlay, virtualSize } from './chain-files.ts';
import { deepChain, newChainFile, topOf, type ChainFile, type DiskChain } from './disk-chain.ts';
import { flattenChain, type FlattenOptions } from './flatten-chain.ts';

/** Whose disk is frozen. */
export interface ChainOwner {
  readonly dir: string;
  readonly chain: DiskChain;
  /** Writes the new chain into its record. */
  readonly save: (chain: DiskChain) => Promise<void>;
  /**
   * Of one whose machine has the disk open: makes it write to this file from now on. What is below
   * is not written any more when that has resolved.
   */
  readonly switchTop?: (overlay: string) => Promise<void>;
}

/** Done while nothing is written to the disk; everything slow is outside. */
export type WhileStill = (work: () => Promise<void>) => Promise<void>;

/**
 * Keeps the disk in `to`. Where files can be cloned the owner's chain stays as it is; else its top
 * stays below a new one. The record comes before the machine: a chain with an empty file at its top
 * is the same disk, so that neither a failure nor an end in between loses anything. For the same
 * reason the record is not taken back while a machine may have been switched.
 * @param whileStill the moment at which the disk is what is kept
 */
export async function freezeChain(
  owner: ChainOwner,
  to: string,
  whileStill: WhileStill,
  signal?: AbortSignal,
): Promise<DiskChain> {
  const { dir, chain } = owner;
  if (await canClone(dir)) return cloneChain(owner, to, whileStill, signal);
  const overlay = await makeOverlay(dir, await virtualSize(dir, chain), signal);
  await owner.save([overlay, ...chain]);
  await whileStill(async () => {
    await owner.switchTop?.(path.join(dir, overlay.name));
  });
  return linkChain(dir, chain, to);
}

async function cloneChain(
  { dir, chain }: ChainOwner,
  to: string,
  whileStill: WhileStill,
  signal: AbortSignal | undefined,
): Promise<DiskChain> {
  const top = topOf(chain);
  const clone = newChainFile(top.format);
  await whileStill(() => cloneFile(path.join(dir, top.name), path.join(to, clone.name), signal));
  await chmod(path.join(to, clone.name), 0o400);
  return [clone, ...(await linkChain(dir, chain.slice(1), to))];
}

/**
 * Makes a disk in `to` that begins with a kept one and can be written. What was in the folder stays.
 * Deep chains are joined on the way.
 */
export async function adoptChain(
  from: string,
  chain: DiskChain,
  to: string,
  options: FlattenOptions,
): Promise<DiskChain> {
  if (chain.length >= deepChain) return [await flattenChain(from, chain, to, options)];
  const top = topOf(chain);
  if (await canClone(to)) {
    const clone: ChainFile = newChainFile(top.format);
    await cloneFile(path.join(from, top.name), path.join(to, clone.name), options.signal);
    await chmod(path.join(to, clone.name), 0o600);
    return [clone, ...(await linkChain(from, chain.slice(1), to))];
  }
  const overlay = await makeOverlay(to, await virtualSize(from, chain), options.signal);
  return [overlay, ...(await linkChain(from, chain, to))];
}
