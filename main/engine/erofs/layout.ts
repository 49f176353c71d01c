/** Decides where everything of an image goes, before a byte is written. */
import { alignUp, blockBytes, blocksFor, slotBytes } from './format/block.ts';
import { chunkAddressBytes, chunkCount, isContiguous } from './format/chunk-map.ts';
import { directoryBytes } from './format/directory.ts';
import { dataLayout, fitsCompact, inodeBytes, type DataLayout } from './format/inode.ts';
import { superblockBytes, superblockOffset } from './format/superblock.ts';
import { xattrBytes } from './format/xattr.ts';
import type { DirectoryNode, TreeNode } from './tree.ts';

/** Where a node's inode is and what surrounds it. */
export interface PlacedNode {
  readonly node: TreeNode;
  /** For "..": the parent of a directory. */
  readonly parent: DirectoryNode;
  /** Serial number from 1, in the order of the image. */
  readonly ino: number;
  nlink: number;
  extended: boolean;
  layout: DataLayout;
  /** Of the content: for a directory, of its blocks. */
  sizeBytes: number;
  xattrBytes: number;
  /** What stands in the image after inode and attributes: inline content or a chunk map. */
  bodyBytes: number;
  /** Byte offset of the inode. */
  offset: number;
  /** First block of content that is in the metadata and not inline; 0 where there is none. */
  contentBlock: number;
}

/** A planned image. */
export interface ImageLayout {
  /** Ascending by offset; the first is the root. */
  readonly nodes: readonly PlacedNode[];
  readonly places: ReadonlyMap<TreeNode, PlacedNode>;
  /** Where the inodes end. */
  readonly inodeAreaBytes: number;
  /** Blocks of all metadata: inodes, then the content that did not fit inline. */
  readonly metadataBlocks: number;
  /** The commonest time, which compact inodes share. */
  readonly buildTime: { readonly seconds: number; readonly nanoseconds: number };
  readonly hasChunkedFiles: boolean;
}

/** Plans the image of a tree. The same tree gives the same plan. */
export function planLayout(root: DirectoryNode): ImageLayout {
  const nodes = collectNodes(root);
  const buildTime = commonestTime(nodes);
  let cursor = superblockOffset + superblockBytes;
  for (const placed of nodes) {
    decideForm(placed, buildTime);
    placed.offset = placeInode(placed, cursor);
    cursor = placed.offset + inodeBytes(placed.extended) + placed.xattrBytes + placed.bodyBytes;
  }
  let block = blocksFor(cursor);
  for (const placed of nodes) {
    if (!hasOutlineContent(placed)) continue;
    placed.contentBlock = block;
    block += blocksFor(placed.sizeBytes);
  }
  return {
    nodes,
    places: new Map(nodes.map((placed) => [placed.node, placed])),
    inodeAreaBytes: cursor,
    metadataBlocks: block,
    buildTime,
    hasChunkedFiles: nodes.some(({ layout }) => layout === dataLayout.chunkBased),
  };
}

/** The names of a directory's blocks in their order, "." and ".." among them. */
export function sortedNames(directory: DirectoryNode): string[] {
  return ['.', '..', ...directory.children.keys()].sort(compareBytes);
}

/** Number of an inode at this offset. */
export function nidAt(offset: number): number {
  return offset / slotBytes;
}

/** Whether the node's content is in blocks of the metadata. */
export function hasOutlineContent({ node, layout, sizeBytes }: PlacedNode): boolean {
  return node.type !== 'file' && layout === dataLayout.flatPlain && sizeBytes > 0;
}

/** Children of one directory follow each other, which is what listing it reads. */
function collectNodes(root: DirectoryNode): PlacedNode[] {
  const places = new Map<TreeNode, PlacedNode>();
  const nodes: PlacedNode[] = [];
  const add = (node: TreeNode, parent: DirectoryNode): void => {
    const known = places.get(node);
    if (known !== undefined) {
      known.nlink++;
      return;
    }
    const placed = newPlace(node, parent, nodes.length + 1);
    places.set(node, placed);
    nodes.push(placed);
  };
  add(root, root);
  // The list grows while it is walked: breadth first.
  for (const { node } of nodes) {
    if (node.type !== 'directory') continue;
    for (const name of [...node.children.keys()].sort(compareBytes)) {
      const child = node.children.get(name);
      if (child !== undefined) add(child, node);
    }
  }
  return nodes;
}

function newPlace(node: TreeNode, parent: DirectoryNode, ino: number): PlacedNode {
  return {
    node,
    parent,
    ino,
    nlink: node.type === 'directory' ? 2 + countDirectories(node) : 1,
    extended: true,
    layout: dataLayout.flatPlain,
    sizeBytes: contentBytes(node),
    xattrBytes: xattrBytes(node.xattrs),
    bodyBytes: 0,
    offset: 0,
    contentBlock: 0,
  };
}

function countDirectories(directory: DirectoryNode): number {
  let count = 0;
  for (const child of directory.children.values()) if (child.type === 'directory') count++;
  return count;
}

function contentBytes(node: TreeNode): number {
  switch (node.type) {
    case 'file':
      return node.sizeBytes;
    case 'symlink':
      return node.target.length;
    case 'directory':
      return directoryBytes(sortedNames(node));
    default:
      return 0;
  }
}

function commonestTime(nodes: readonly PlacedNode[]): ImageLayout['buildTime'] {
  const counts = new Map<string, number>();
  let best = { seconds: 0, nanoseconds: 0 };
  let bestCount = 0;
  for (const { node } of nodes) {
    const key = `${String(node.mtimeSeconds)}.${String(node.mtimeNanoseconds)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > bestCount) {
      bestCount = count;
      best = { seconds: node.mtimeSeconds, nanoseconds: node.mtimeNanoseconds };
    }
  }
  return best;
}

function decideForm(placed: PlacedNode, buildTime: ImageLayout['buildTime']): void {
  const { node } = placed;
  placed.extended =
    node.mtimeSeconds !== buildTime.seconds ||
    node.mtimeNanoseconds !== buildTime.nanoseconds ||
    !fitsCompact({ uid: node.uid, gid: node.gid, nlink: placed.nlink, size: placed.sizeBytes });
  if (node.type === 'file') {
    if (isContiguous(node.sizeBytes, node.extents)) return;
    placed.layout = dataLayout.chunkBased;
    placed.bodyBytes = chunkAddressBytes * chunkCount(node.sizeBytes, node.chunkBits);
    return;
  }
  // Inline content must not cross a block, attributes and all.
  const together = inodeBytes(placed.extended) + placed.xattrBytes + placed.sizeBytes;
  if (placed.sizeBytes > 0 && together <= blockBytes) {
    placed.layout = dataLayout.flatInline;
    placed.bodyBytes = placed.sizeBytes;
  }
}

/** The next slot where the inode, and its inline content if it has some, stay within a block. */
function placeInode(placed: PlacedNode, cursor: number): number {
  const offset = alignUp(cursor, slotBytes);
  const fixed = inodeBytes(placed.extended);
  const whole =
    placed.layout === dataLayout.flatInline ? fixed + placed.xattrBytes + placed.bodyBytes : fixed;
  const left = blockBytes - (offset % blockBytes);
  return whole <= left ? offset : offset + left;
}

/** Order of the bytes that the characters stand for. */
function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
