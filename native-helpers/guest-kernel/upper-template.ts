/**
 * Empty ext4 filesystems for the writable layer of sandboxes, made once so that no sandbox has to
 * format a disk. Only what is not zero is kept: a template is some 100 KB.
 */
import { open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GuestAssetsManifest } from '../../main/engine/host/guest-assets.ts';
import { runCommand } from './run-command.ts';

/** One template as the manifest has it. */
export type UpperTemplate = GuestAssetsManifest['upperTemplates'][number];

/** A filesystem to make. */
export interface UpperTemplateSize {
  readonly sizeMiB: number;
  readonly journalMiB: number;
}

/** The default size of a sandbox's disk, and the one that every other size is grown from. */
export const upperTemplateSizes: readonly UpperTemplateSize[] = [
  { sizeMiB: 8192, journalMiB: 64 },
  { sizeMiB: 64, journalMiB: 16 },
];

/**
 * Named one by one, so that neither the version of mke2fs nor its configuration changes them.
 * There is no resize_inode: without it the kernel grows the filesystem by meta_bg to any size,
 * and a template is 4 MB smaller.
 */
const features = [
  ...['none', 'has_journal', 'ext_attr', 'dir_index', 'filetype', 'extent', '64bit', 'flex_bg'],
  ...['sparse_super', 'large_file', 'huge_file', 'dir_nlink', 'extra_isize', 'metadata_csum'],
];

/** Arguments of mke2fs for a file of this size. The same ones give the same bytes. */
export function mke2fsArguments(file: string, { journalMiB }: UpperTemplateSize): string[] {
  const extended = [
    'hash_seed=5ce44a00-0000-4000-8000-000000000002',
    // Zeros are holes here, and what is marked as zeroed the guest does not write again.
    'lazy_itable_init=0',
    'lazy_journal_init=0',
    'nodiscard',
    'root_owner=0:0',
  ];
  return [
    ...['-q', '-F', '-t', 'ext4', '-O', features.join(',')],
    ...['-b', '4096', '-I', '256', '-i', '16384', '-m', '0'],
    ...['-J', `size=${String(journalMiB)}`],
    ...['-U', '5ce44a00-0000-4000-8000-000000000001', '-L', 'upper'],
    ...['-E', extended.join(','), file],
  ];
}

/** Reads what `data-ranges` prints. */
export function parseRanges(output: string): [offset: number, length: number][] {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const match = /^(\d+) (\d+)$/.exec(line);
    if (!match) throw new Error(`data-ranges printed ${JSON.stringify(line)}.`);
    return [Number(match[1]), Number(match[2])];
  });
}

/** Makes a template in `outDir`; `dataRangesPath` is the built `data-ranges.c`. */
export async function buildUpperTemplate(
  size: UpperTemplateSize,
  outDir: string,
  dataRangesPath: string,
  signal?: AbortSignal,
): Promise<UpperTemplate> {
  const disk = path.join(outDir, 'upper.img');
  await writeFile(disk, '');
  const file = await open(disk, 'r+');
  try {
    await file.truncate(size.sizeMiB * 1024 * 1024);
    // /usr/sbin is not on the path of an ordinary user.
    const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    const env = { E2FSPROGS_FAKE_TIME: '1', PATH };
    await runCommand('mke2fs', mke2fsArguments(disk, size), { env, signal });
    const ranges = parseRanges(await runCommand(dataRangesPath, [disk], { signal }));
    const chunks = await Promise.all(
      ranges.map(async ([offset, length]) => {
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
        return buffer;
      }),
    );
    const name = `upper-${String(size.sizeMiB)}.ext4`;
    await writeFile(path.join(outDir, name), Buffer.concat(chunks));
    return { sizeMiB: size.sizeMiB, file: name, ranges };
  } finally {
    await file.close();
    await rm(disk, { force: true });
  }
}
