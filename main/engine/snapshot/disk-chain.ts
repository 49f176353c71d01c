/**
 * The files of a writable disk: the top one is written, those below it never again. Each folder that
 * rests on a file has a hard link to it, so that the filesystem counts its users and a folder can go
 * by itself. Pure but for the names that it invents.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';

/** As many files as a chain has when it is joined into one, before the next start. */
export const deepChain = 12;
/** No disk is frozen that has as many; a machine that runs for long can get there. */
export const deepestChain = 64;

const chainFileSchema = z.strictObject({
  /** In the folder of the sandbox or snapshot. */
  name: z.string().regex(/^(?:upper\.img|fork\.qcow2|disk-[0-9a-f]{10}\.(?:img|qcow2))$/),
  /** Pinned: what a guest has written must not change what the file is opened as. */
  format: z.enum(['raw', 'qcow2']),
});

/** The top first. A raw file ends it; below a qcow2 at the end comes the disk that was forked. */
export const diskChainSchema = z
  .array(chainFileSchema)
  .min(1)
  .max(deepestChain + 1)
  .refine((chain) => chain.slice(0, -1).every(({ format }) => format === 'qcow2'), {
    error: 'Nothing can be below a raw file.',
  })
  .refine((chain) => new Set(chain.map(({ name }) => name)).size === chain.length, {
    error: 'A file is in the chain twice.',
  });

/** One file of a chain. */
export type ChainFile = z.infer<typeof chainFileSchema>;

/** See {@link diskChainSchema}. */
export type DiskChain = readonly ChainFile[];

/** A name that no other file of any folder has. */
export function newChainFile(format: ChainFile['format']): ChainFile {
  const id = randomBytes(5).toString('hex');
  return { name: `disk-${id}.${format === 'raw' ? 'img' : 'qcow2'}`, format };
}

/** Whether a file of a folder is one of a disk, by its name. */
export function isChainFileName(name: string): boolean {
  return chainFileSchema.shape.name.safeParse(name).success;
}

/** The file that is written. */
export function topOf(chain: DiskChain): ChainFile {
  const [top] = chain;
  if (top === undefined) throw new Error('A disk has a file.');
  return top;
}

/** Whether nothing else is below the chain. */
export function isWhole(chain: DiskChain): boolean {
  return chain.at(-1)?.format === 'raw';
}

/** The files with their paths, the top first. */
export function chainPaths(
  dir: string,
  chain: DiskChain,
): { readonly path: string; readonly format: ChainFile['format'] }[] {
  return chain.map(({ name, format }) => ({ path: path.join(dir, name), format }));
}
