/** The seed disk of a machine that is kept: its files are never written again, so that links do. */
import { link, rm, stat, writeFile } from 'node:fs/promises';
import { systemErrorCode } from '../../base/disk-error.ts';
import type { SeedFiles } from '../../image/seed-disk.ts';
import { buildVmdkDescriptor } from '../../image/vmdk.ts';

/** The files of a seed disk without the one that says where they are. */
export type SeedParts = Pick<SeedFiles, 'metadata' | 'data'>;

/** Links what there is of a seed disk, in place of what was there. */
export async function linkSeed(from: SeedParts, to: SeedParts): Promise<void> {
  for (const part of ['metadata', 'data'] as const) {
    await rm(to[part], { force: true });
    await link(from[part], to[part]).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
  }
}

/** Takes a seed disk up in a folder of a sandbox; where there is none, there is none. */
export async function adoptSeed(from: SeedParts, to: SeedFiles): Promise<void> {
  await linkSeed(from, to);
  await rm(to.descriptor, { force: true });
  const sizes = await Promise.all(
    [to.metadata, to.data].map(async (path) => {
      const sizeBytes = (await stat(path).catch(() => undefined))?.size ?? 0;
      return { path, sizeBytes };
    }),
  );
  const extents = sizes.filter(({ sizeBytes }) => sizeBytes > 0);
  if (extents.length === 0) return;
  await writeFile(to.descriptor, buildVmdkDescriptor(extents), { mode: 0o600 });
}
