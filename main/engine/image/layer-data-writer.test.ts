import fc from 'fast-check';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writtenDataFile } from './layer-data-file.ts';
import { LayerDataWriter } from './layer-data-writer.ts';
import type { FileContent } from './layer-entry.ts';

const block = 4096;

describe('LayerDataWriter', () => {
  const directory = useTemporaryDirectory();

  function write(use: (writer: LayerDataWriter) => void): Buffer {
    const path = join(directory.path, 'data');
    const file = openSync(path, 'w');
    try {
      const writer = new LayerDataWriter(writtenDataFile(file));
      use(writer);
      writer.finish();
    } finally {
      closeSync(file);
    }
    return readFileSync(path);
  }

  function contentOf(data: Buffer, { sizeBytes, extents }: FileContent): Buffer {
    const content = Buffer.alloc(Math.ceil(sizeBytes / block) * block);
    for (const { fileBlock, dataBlock, blockCount } of extents) {
      data.copy(content, fileBlock * block, dataBlock * block, (dataBlock + blockCount) * block);
    }
    return content.subarray(0, sizeBytes);
  }

  it(
    'gives every file back, however its bytes come in pieces and wherever they are zeros',
    { timeout: 60_000 },
    () => {
      const run = fc.record({
        zeros: fc.boolean(),
        length: fc.oneof(
          fc.nat(200),
          fc.nat(40 * block),
          fc.nat(20).map((count) => count * block),
        ),
      });
      const file = fc.array(run, { maxLength: 6 });
      fc.assert(
        fc.property(
          fc.array(file, { maxLength: 5 }),
          fc.integer({ min: 1, max: 30_000 }),
          (files, piece) => {
            const contents = files.map((runs) =>
              Buffer.concat(
                runs.map(({ zeros, length }) => Buffer.alloc(length, zeros ? 0 : 'content')),
              ),
            );
            const placed: FileContent[] = [];
            const data = write((writer) => {
              for (const content of contents) {
                writer.beginFile(content.length);
                for (let at = 0; at < content.length; at += piece) {
                  writer.write(content.subarray(at, at + piece), at);
                }
                placed.push(writer.endFile());
              }
            });
            for (const [index, content] of contents.entries()) {
              const where = placed[index];
              expect(where && contentOf(data, where).equals(content)).toBe(true);
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('keeps a file without long runs of zeros in one piece', () => {
    const content = Buffer.alloc(20 * block, 'x');
    content.fill(0, 2 * block, 17 * block);
    write((writer) => {
      writer.beginFile(content.length);
      writer.write(content, 0);
      expect(writer.endFile().extents).toEqual([{ fileBlock: 0, dataBlock: 0, blockCount: 20 }]);
    });
  });

  it('makes holes of long runs of zeros, and of what was never written', () => {
    const data = write((writer) => {
      writer.beginFile(100 * block);
      writer.write(Buffer.alloc(block, 'a'), 0);
      writer.write(Buffer.alloc(block, 'b'), 50 * block);
      expect(writer.endFile().extents).toEqual([
        { fileBlock: 0, dataBlock: 0, blockCount: 1 },
        { fileBlock: 50, dataBlock: 1, blockCount: 1 },
      ]);
    });
    expect(data).toHaveLength(2 * block);
  });

  it('keeps the holes of an enormous file to the boundaries of larger chunks', () => {
    const tebibyte = 2 ** 40;
    write((writer) => {
      writer.beginFile(tebibyte);
      writer.write(Buffer.from('in the middle'), tebibyte / 2 + 5 * block);
      const { chunkBits, extents } = writer.endFile();
      expect(chunkBits).toBe(8);
      // From the start of the chunk to the end of the block; the rest of the chunk is zeros.
      expect(extents).toEqual([{ fileBlock: 2 ** 27, dataBlock: 0, blockCount: 256 }]);
    });
  });

  it('refuses to grow without bound', () => {
    expect(() =>
      write((writer) => {
        // Holes keep to chunks: one byte in each makes the whole file data.
        const size = 2 ** 44;
        writer.beginFile(size);
        for (let at = 0; at < size; at += 2 ** 24) writer.write(Buffer.from('x'), at);
      }),
    ).toThrow(expect.objectContaining({ code: 'image/layer-unsafe' }));
  });
});
