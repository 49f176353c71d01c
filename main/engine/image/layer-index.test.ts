import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerEntry } from './layer-entry.ts';
import { LayerIndexBuilder, parseLayerIndex, readLayerHead } from './layer-index.ts';
import { LayerProblem } from './layer-problem.ts';

const text = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const dataBlocks = 1000;

const attributes = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 0xfffffffe }),
  gid: fc.integer({ min: 0, max: 0xfffffffe }),
  mtimeSeconds: fc.maxSafeInteger(),
  mtimeNanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  xattrs: fc.array(
    fc.record({
      name: text,
      value: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    }),
    { maxLength: 3 },
  ),
});

const content = fc.record({
  sizeBytes: fc.integer({ min: 0, max: 2 ** 44 }),
  chunkBits: fc.integer({ min: 0, max: 31 }),
  extents: fc.array(
    fc.record({
      fileBlock: fc.integer({ min: 0, max: 2 ** 32 }),
      dataBlock: fc.integer({ min: 0, max: 500 }),
      blockCount: fc.integer({ min: 0, max: 500 }),
    }),
    { maxLength: 3 },
  ),
});

const entryArbitrary: fc.Arbitrary<LayerEntry> = fc
  .tuple(text, attributes, content, text, fc.integer({ min: 0, max: 0xfff }))
  .chain(([path, shared, file, target, major]) =>
    fc.constantFrom<LayerEntry>(
      { path, type: 'file', ...file, ...shared },
      { path, type: 'directory', ...shared },
      { path, type: 'fifo', ...shared },
      { path, type: 'symlink', target, ...shared },
      { path, type: 'block-device', major, minor: 0xfffff - major, ...shared },
      { path, type: 'character-device', major, minor: major, ...shared },
      { path, type: 'hardlink', target },
      { path, type: 'whiteout' },
      { path, type: 'opaque' },
    ),
  );

function indexOf(entries: readonly LayerEntry[]): Buffer {
  const builder = new LayerIndexBuilder();
  for (const entry of entries) builder.add(entry);
  return Buffer.concat(builder.finish(dataBlocks));
}

describe('the index of a layer', () => {
  it('gives every entry back, in order', () => {
    fc.assert(
      fc.property(fc.array(entryArbitrary), (entries) => {
        const bytes = indexOf(entries);
        const index = parseLayerIndex(bytes);
        expect(index.dataBlocks).toBe(dataBlocks);
        expect([...index.entries]).toEqual(entries);
        expect(readLayerHead(bytes.subarray(0, 64))).toBe(dataBlocks);
      }),
    );
  });

  it('takes no damaged bytes for an index', () => {
    const bytes = indexOf([{ path: 'etc', type: 'whiteout' }]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(() => [...parseLayerIndex(damaged).entries]).toThrow(LayerProblem);
      }),
    );
    expect(() => parseLayerIndex(Buffer.alloc(0))).toThrow(LayerProblem);
  });
});
