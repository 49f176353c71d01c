/** Random trees for property tests, together with the data that their files point into. */
import * as fc from 'fast-check';
import type { DirectoryNode, FileNode, NodeAttributes, TreeNode } from '../tree.ts';

const byteText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: 1, maxLength })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[/\0]/g, '_'));

const nameArbitrary = fc
  .oneof(byteText(12), byteText(255))
  .map((name) => (name === '.' || name === '..' ? '...' : name));

const xattrsArbitrary = fc
  .uniqueArray(
    fc.record({
      name: fc
        .tuple(fc.constantFrom('user.', 'trusted.', 'security.'), byteText(20))
        .map(([prefix, rest]) => prefix + rest),
      value: fc.uint8Array({ maxLength: 300 }),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  )
  .chain((xattrs) =>
    fc
      .boolean()
      .map((withAcl) =>
        withAcl
          ? [...xattrs, { name: 'system.posix_acl_access', value: Uint8Array.of(2, 0, 0, 0) }]
          : xattrs,
      ),
  );

const attributesArbitrary: fc.Arbitrary<NodeAttributes> = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xfffffffe })),
  gid: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xfffffffe })),
  mtimeSeconds: fc.oneof(fc.constant(1_700_000_000), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
  mtimeNanoseconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999 })),
  xattrs: xattrsArbitrary,
});

/** Blocks of data that {@link arbitraryTree}'s files point into. */
export const arbitraryDataBlocks = 64;

const fileArbitrary: fc.Arbitrary<FileNode> = fc
  .tuple(
    attributesArbitrary,
    fc.constantFrom(0, 1, 2),
    fc.array(fc.boolean(), { maxLength: 8 }),
    fc.integer({ min: 0, max: 4095 }),
    fc.nat({ max: 32 }),
  )
  .map(([attributes, chunkBits, chunks, cut, firstBlock]) => {
    const chunkBlocks = 2 ** chunkBits;
    const blocks = chunks.length * chunkBlocks;
    const extents = chunks.flatMap((isThere, index) =>
      isThere
        ? [
            {
              fileBlock: index * chunkBlocks,
              dataBlock: firstBlock + index * chunkBlocks,
              blockCount: chunkBlocks,
            },
          ]
        : [],
    );
    const sizeBytes = Math.max(0, blocks * 4096 - cut);
    return {
      type: 'file',
      sizeBytes,
      chunkBits,
      extents: sizeBytes === 0 ? [] : extents,
      ...attributes,
    };
  });

const leafArbitrary = fc.oneof<fc.Arbitrary<TreeNode>[]>(
  fileArbitrary,
  fc
    .tuple(attributesArbitrary, fc.oneof(byteText(30), byteText(4095)))
    .map(([attributes, target]) => ({ type: 'symlink' as const, target, ...attributes })),
  fc
    .tuple(
      attributesArbitrary,
      fc.constantFrom('character-device' as const, 'block-device' as const),
      fc.integer({ min: 0, max: 0xfff }),
      fc.integer({ min: 0, max: 0xfffff }),
    )
    .map(([attributes, type, major, minor]) => ({ type, major, minor, ...attributes })),
  fc
    .tuple(attributesArbitrary, fc.constantFrom('fifo' as const, 'socket' as const))
    .map(([attributes, type]) => ({ type, ...attributes })),
);

function directoryOf(
  child: fc.Arbitrary<TreeNode>,
  maxLength: number,
): fc.Arbitrary<DirectoryNode> {
  return fc
    .tuple(
      attributesArbitrary,
      fc.uniqueArray(fc.tuple(nameArbitrary, child), { selector: ([name]) => name, maxLength }),
      fc.array(nameArbitrary, { maxLength: 3 }),
    )
    .map(([attributes, children, links]) => {
      const all = new Map(children);
      const [target] = [...all.values()].filter(({ type }) => type !== 'directory');
      // Hard links: the same node under more names.
      if (target !== undefined) for (const name of links) if (!all.has(name)) all.set(name, target);
      return { type: 'directory', children: all, ...attributes };
    });
}

/** Trees of three levels with every kind of node. */
export const arbitraryTree: fc.Arbitrary<DirectoryNode> = directoryOf(
  fc.oneof(leafArbitrary, directoryOf(fc.oneof(leafArbitrary, directoryOf(leafArbitrary, 3)), 40)),
  12,
);
