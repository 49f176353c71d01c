import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryDataBlocks, arbitraryTree } from './testing/arbitrary-tree.ts';
import { readErofs, type ReadNode } from './testing/read-erofs.ts';
import type { DirectoryNode, FileNode, NodeAttributes, TreeNode } from './tree.ts';
import { writeErofs } from './writer.ts';

const data = Buffer.alloc(arbitraryDataBlocks * 4096);
for (let index = 0; index < data.length; index += 4)
  data.writeUInt32LE(Math.imul(index, 2_654_435_761) >>> 0, index);

const attributes: NodeAttributes = {
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtimeSeconds: 1_700_000_000,
  mtimeNanoseconds: 0,
  xattrs: [],
};

function diskOf(root: DirectoryNode): Buffer {
  const parts: Buffer[] = [];
  const options = { dataBlocks: arbitraryDataBlocks, uuid: new Uint8Array(16).fill(7) };
  const summary = writeErofs(root, options, (bytes) => parts.push(Buffer.from(bytes)));
  const metadata = Buffer.concat(parts);
  expect(metadata.length).toBe(summary.metadataBytes);
  return Buffer.concat([metadata, data]);
}

function aDirectory(children: Record<string, TreeNode>): DirectoryNode {
  return { type: 'directory', children: new Map(Object.entries(children)), ...attributes };
}

function aFile(change: Partial<FileNode> = {}): FileNode {
  return { type: 'file', sizeBytes: 0, chunkBits: 0, extents: [], ...attributes, ...change };
}

function contentOf(file: FileNode): Buffer {
  const blocks = Math.ceil(file.sizeBytes / 4096);
  const content = Buffer.alloc((blocks + 2 ** file.chunkBits) * 4096);
  for (const { fileBlock, dataBlock, blockCount } of file.extents) {
    data.copy(content, fileBlock * 4096, dataBlock * 4096, (dataBlock + blockCount) * 4096);
  }
  return content.subarray(0, file.sizeBytes);
}

function expectSame(node: TreeNode, path: string, read: ReadonlyMap<string, ReadNode>): void {
  const found = read.get(path);
  expect(found).toMatchObject({
    type: node.type,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    mtimeSeconds: node.mtimeSeconds,
    mtimeNanoseconds: node.mtimeNanoseconds,
    xattrs: Object.fromEntries(
      node.xattrs.map(({ name, value }) => [name, Buffer.from(value).toString('hex')]),
    ),
  });
  switch (node.type) {
    case 'file':
      expect(found?.content?.equals(contentOf(node))).toBe(true);
      break;
    case 'symlink':
      expect(found?.target).toBe(node.target);
      break;
    case 'character-device':
    case 'block-device':
      expect(found?.device).toBe(`${String(node.major)}:${String(node.minor)}`);
      break;
    case 'directory':
      for (const [name, child] of node.children) {
        expectSame(child, path === '' ? name : `${path}/${name}`, read);
      }
      break;
    default:
      break;
  }
}

function countNames(directory: DirectoryNode): number {
  let count = 1;
  for (const child of directory.children.values()) {
    count += child.type === 'directory' ? countNames(child) : 1;
  }
  return count;
}

describe('writeErofs', () => {
  it('writes what reads back as the same tree, whatever the tree', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(arbitraryTree, (root) => {
        const read = readErofs(diskOf(root));
        expect(read.size).toBe(countNames(root));
        expectSame(root, '', read);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same tree, in whatever order it was made', () => {
    const names = ['b', 'a', 'c'].map((name) => [name, aFile()] as const);
    const one = aDirectory(Object.fromEntries(names));
    const other = aDirectory(Object.fromEntries(names.toReversed()));
    expect(diskOf(one).equals(diskOf(other))).toBe(true);
  });

  it('holds directories of many blocks', () => {
    const names = Array.from(
      { length: 3000 },
      (_, index) => `name-${'x'.repeat(index % 200)}-${String(index)}`,
    );
    const root = aDirectory({
      big: aDirectory(Object.fromEntries(names.map((name) => [name, aFile()]))),
    });
    const read = readErofs(diskOf(root));
    expect([...read.keys()].filter((path) => path.startsWith('big/'))).toHaveLength(names.length);
  });

  it('maps chunks only where a file has holes', () => {
    const whole = aFile({
      sizeBytes: 8192,
      extents: [{ fileBlock: 0, dataBlock: 1, blockCount: 2 }],
    });
    const holed = aFile({
      sizeBytes: 8192,
      extents: [{ fileBlock: 1, dataBlock: 1, blockCount: 1 }],
    });
    const read = readErofs(diskOf(aDirectory({ whole, holed, hole: aFile({ sizeBytes: 8192 }) })));
    expect(read.get('whole')?.isChunked).toBe(false);
    expect(read.get('holed')?.isChunked).toBe(true);
    expect(read.get('hole')?.content?.equals(Buffer.alloc(8192))).toBe(true);
  });

  it('refuses more blocks than the format can address', () => {
    const options = { dataBlocks: 2 ** 32, uuid: new Uint8Array(16) };
    expect(() => writeErofs(aDirectory({}), options, () => undefined)).toThrow(RangeError);
  });
});
