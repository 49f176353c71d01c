import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressor, isDecompressionError } from './decompression.ts';

async function decompress(
  compression: 'gzip' | 'zstd',
  bytes: Buffer,
  pieceBytes = 64 * 1024,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(bytes.subarray(at, at + pieceBytes));
  }
  const stream = decompressor(compression);
  const [all] = await Promise.all([buffer(stream), pipeline(Readable.from(pieces), stream)]);
  return all;
}

/** RFC 8878, 3.1.2. */
function skippable(content: Buffer, kind = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + kind, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const noSize = { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } };

describe('decompressor', () => {
  it.each([
    ['what fits into one block', Buffer.from('some text')],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(700_000)],
    ['what cannot be compressed', randomBytes(300_000)],
    ['many blocks', Buffer.from('ten bytes '.repeat(100_000))],
  ])('joins frames of zstd that hold %s', async (_, content) => {
    const frames = Buffer.concat([
      skippable(randomBytes(70_000)),
      zstdCompressSync(content),
      zstdCompressSync(content, checksum),
      skippable(Buffer.alloc(0), 15),
      zstdCompressSync(content, noSize),
      skippable(Buffer.from('the table of contents'), 4),
    ]);
    expect(
      (await decompress('zstd', frames)).equals(Buffer.concat([content, content, content])),
    ).toBe(true);
  });

  it('finds the ends of frames however the bytes come', async () => {
    const contents = ['', 'a', 'b'.repeat(3000), 'the end'];
    const frames = Buffer.concat(
      contents.flatMap((content, index) => [
        zstdCompressSync(content, index % 2 === 0 ? checksum : noSize),
        skippable(Buffer.from(content), index),
      ]),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (pieceBytes) => {
        const all = await decompress('zstd', frames, pieceBytes);
        expect(all.toString()).toBe(contents.join(''));
      }),
      { numRuns: 10, examples: [[1], [2], [3], [4], [5]] },
    );
  });

  it.each([
    ['garbage after the last', Buffer.from('this is no frame')],
    ['a damaged second one', zstdCompressSync('text'.repeat(1000)).fill(0xff, 4, 12)],
  ])('calls frames with %s damaged', async (_, rest) => {
    const failure: unknown = await decompress(
      'zstd',
      Buffer.concat([zstdCompressSync('first'), rest]),
    ).catch((error: unknown) => error);
    expect(isDecompressionError(failure)).toBe(true);
  });

  it('joins members of gzip', async () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two')]);
    expect((await decompress('gzip', members)).toString()).toBe('one two');
  });
});
