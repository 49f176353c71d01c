/** The block nodes of a disk, as `-blockdev` and QMP's `blockdev-add` take them. Pure. */
import type { VmDiskFile } from '../driver.ts';
import type { PlannedDisk } from '../plan.ts';

/** Options of one node; QEMU, qapi/block-core.json, BlockdevOptions. */
export type BlockNode = Readonly<Record<string, unknown>> & { readonly 'node-name': string };

/** A file, and how its nodes are to be. */
export interface NodeFile extends VmDiskFile {
  /** Name of the node of its format; the one of the file is named after it. */
  readonly node: string;
  readonly readOnly: boolean;
  /** Name of the node below. */
  readonly below: string | undefined;
}

/**
 * The nodes of a file: one for the file and one for its format on top. Every format is said and
 * every file that may be opened is named: QEMU probes nothing, and what the content of a disk names
 * counts for nothing. QEMU locks the files, so that two machines never write to one disk. The
 * host's page cache is shared by all machines that read an image. Discarded blocks are given back.
 */
export function fileNodes({ node, path, format, readOnly, below }: NodeFile): BlockNode[] {
  const access = { 'read-only': readOnly, discard: readOnly ? 'ignore' : 'unmap' };
  const file = `${node}-file`;
  const fileNode = {
    'node-name': file,
    driver: 'file',
    filename: path,
    aio: 'threads',
    cache: { direct: false, 'no-flush': false },
    ...access,
  };
  const formatNode = {
    'node-name': node,
    driver: format,
    file,
    ...(format === 'raw' ? {} : { backing: below ?? null }),
    ...access,
  };
  return [fileNode, formatNode];
}

/** All nodes of a disk, the lowest first: a node is named by the one above it. */
export function diskNodes(disk: PlannedDisk): BlockNode[] {
  if (disk.format === 'none') return [placeholderNode(disk)];
  const below = (disk.backing ?? []).map((file, index) => ({
    ...file,
    node: `${disk.node}-below${String(index + 1)}`,
    readOnly: true,
  }));
  const files = [disk, ...below];
  return files
    .map((file, index) => fileNodes({ ...file, below: files[index + 1]?.node }))
    .reverse()
    .flat();
}

const placeholderBytes = 1024 * 1024;

/** The node of a disk without a file. */
export function placeholderNode({
  node,
  readOnly,
}: Pick<PlannedDisk, 'node' | 'readOnly'>): BlockNode {
  return {
    'node-name': node,
    driver: 'null-co',
    size: placeholderBytes,
    'read-zeroes': true,
    'read-only': readOnly,
  };
}
