/** Writes a tree as an EROFS image of metadata alone, whose files point into data that follows. */
import { BlockStream, type ImageSink } from './block-stream.ts';
import { alignUp, blockBytes, nullBlock } from './format/block.ts';
import { serializeChunkMap } from './format/chunk-map.ts';
import { directoryEntryType, serializeDirectory } from './format/directory.ts';
import {
  dataLayout,
  encodeDevice,
  fileTypeBits,
  inodeBytes,
  serializeInode,
} from './format/inode.ts';
import { sealSuperblock, serializeSuperblock, superblockOffset } from './format/superblock.ts';
import { serializeXattrs, xattrCountField } from './format/xattr.ts';
import {
  hasOutlineContent,
  nidAt,
  planLayout,
  sortedNames,
  type ImageLayout,
  type PlacedNode,
} from './layout.ts';
import type { DirectoryNode } from './tree.ts';

/** What the writer needs besides the tree. */
export interface ErofsOptions {
  /** Blocks of data that follow the metadata on the disk. */
  readonly dataBlocks: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
}

/** What {@link writeErofs} made. */
export interface ErofsSummary {
  /** Length of the metadata; a multiple of 4096, and where the data must begin. */
  readonly metadataBytes: number;
  readonly inodeCount: number;
}

/**
 * Writes the metadata, in order, to `sink`. The same tree and options give the same bytes.
 * @throws RangeError where the disk would have more blocks than EROFS can address (16 TiB)
 */
export function writeErofs(
  root: DirectoryNode,
  options: ErofsOptions,
  sink: ImageSink,
): ErofsSummary {
  const layout = planLayout(root);
  const blockCount = layout.metadataBlocks + options.dataBlocks;
  if (blockCount >= nullBlock) {
    throw new RangeError(`The image has ${String(blockCount)} blocks, more than EROFS addresses.`);
  }
  const stream = new BlockStream(sink, sealSuperblock);
  stream.write(
    superblockOffset,
    serializeSuperblock({
      rootNid: nidAt(layout.nodes[0]?.offset ?? 0),
      inodeCount: layout.nodes.length,
      buildTime: layout.buildTime,
      blockCount,
      uuid: options.uuid,
      hasChunkedFiles: layout.hasChunkedFiles,
    }),
  );
  for (const placed of layout.nodes) stream.write(placed.offset, inodeWithBody(placed, layout));
  for (const placed of layout.nodes) {
    if (hasOutlineContent(placed)) {
      stream.write(placed.contentBlock * blockBytes, content(placed, layout));
    }
  }
  const metadataBytes = layout.metadataBlocks * blockBytes;
  stream.finish(metadataBytes);
  return { metadataBytes, inodeCount: layout.nodes.length };
}

function inodeWithBody(placed: PlacedNode, layout: ImageLayout): Uint8Array {
  const { node } = placed;
  const fixed = inodeBytes(placed.extended);
  const bodyStart = fixed + placed.xattrBytes;
  const bytes = new Uint8Array(bodyStart + placed.bodyBytes);
  const view = new DataView(bytes.buffer);
  serializeInode(
    {
      extended: placed.extended,
      layout: placed.layout,
      xattrCount: xattrCountField(placed.xattrBytes),
      mode: fileTypeBits[node.type] | node.mode,
      nlink: placed.nlink,
      size: placed.sizeBytes,
      union: unionField(placed, layout.metadataBlocks),
      ino: placed.ino,
      uid: node.uid,
      gid: node.gid,
      mtimeSeconds: node.mtimeSeconds,
      mtimeNanoseconds: node.mtimeNanoseconds,
    },
    view,
    0,
  );
  if (placed.xattrBytes > 0) serializeXattrs(node.xattrs, bytes.subarray(fixed, bodyStart));
  if (placed.layout === dataLayout.flatInline) bytes.set(content(placed, layout), bodyStart);
  if (placed.layout === dataLayout.chunkBased && node.type === 'file') {
    serializeChunkMap(node, layout.metadataBlocks, view, bodyStart);
  }
  return bytes;
}

function unionField(placed: PlacedNode, metadataBlocks: number): number {
  const { node } = placed;
  switch (node.type) {
    case 'file':
      if (placed.layout === dataLayout.chunkBased) return node.chunkBits;
      return node.extents[0] === undefined ? 0 : metadataBlocks + node.extents[0].dataBlock;
    case 'character-device':
    case 'block-device':
      return encodeDevice(node.major, node.minor);
    default:
      return placed.contentBlock;
  }
}

/** Content that the metadata holds: a link's target, a directory's blocks. */
function content(placed: PlacedNode, layout: ImageLayout): Uint8Array {
  const { node } = placed;
  if (node.type === 'symlink') return Uint8Array.from(node.target, (char) => char.charCodeAt(0));
  if (node.type !== 'directory') return new Uint8Array();
  const bytes = new Uint8Array(alignUp(placed.sizeBytes, blockBytes));
  serializeDirectory(directoryEntries(placed, node, layout), bytes);
  return placed.layout === dataLayout.flatInline ? bytes.subarray(0, placed.sizeBytes) : bytes;
}

function directoryEntries(
  placed: PlacedNode,
  directory: DirectoryNode,
  layout: ImageLayout,
): Parameters<typeof serializeDirectory>[0] {
  return sortedNames(directory).map((name) => {
    const node =
      name === '.' ? directory : name === '..' ? placed.parent : directory.children.get(name);
    const place = node === undefined ? undefined : layout.places.get(node);
    if (node === undefined || place === undefined) throw new Error(`"${name}" was not placed.`);
    return { name, nid: nidAt(place.offset), type: directoryEntryType[node.type] };
  });
}
