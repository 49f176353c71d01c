import fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { makeTar } from '../testing/tar.ts';
import { makeTemporaryDirectory, useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { LayerProblem } from './layer-problem.ts';
import { composeDisk, unpackBlob } from './testing/compose-tars.ts';

const tar = makeTar([
  { name: 'a', content: 'x'.repeat(100_000) },
  { name: 'b', type: 'symlink', target: 'a' },
]);
const corrupt = expect.objectContaining({ code: 'image/layer-corrupt' }) as Error;

describe('unpackLayer', () => {
  const directory = useTemporaryDirectory();

  it('gives the same layer whatever its compression', async () => {
    const plain = await unpackBlob(directory.path, tar);
    const gzip = await unpackBlob(directory.path, gzipSync(tar), { compression: 'gzip', tar });
    const zstd = await unpackBlob(directory.path, zstdCompressSync(tar), {
      compression: 'zstd',
      tar,
    });
    const disk = await composeDisk(directory.path, [plain]);
    expect((await composeDisk(directory.path, [gzip])).equals(disk)).toBe(true);
    expect((await composeDisk(directory.path, [zstd])).equals(disk)).toBe(true);
  });

  it('reads gzip in several members', async () => {
    const members = Buffer.concat([gzipSync(tar.subarray(0, 5000)), gzipSync(tar.subarray(5000))]);
    await unpackBlob(directory.path, members, { compression: 'gzip', tar });
  });

  it('reads zstd in several frames, whatever lies between them', async () => {
    const table = Buffer.from('502a4d1804000000aabbccdd', 'hex');
    const frames = [tar.subarray(0, 5000), tar.subarray(5000, 5001), tar.subarray(5001)];
    const blob = Buffer.concat(frames.flatMap((frame) => [zstdCompressSync(frame), table]));
    await unpackBlob(directory.path, blob, { compression: 'zstd', tar });
  });

  it('refuses a tar that is not the one the image names', async () => {
    await expect(unpackBlob(directory.path, tar, { tar: Buffer.from('other') })).rejects.toThrow(
      corrupt,
    );
  });

  it.each(['gzip', 'zstd'] as const)('calls damaged %s corrupt', async (compression) => {
    const blob = compression === 'gzip' ? gzipSync(tar) : zstdCompressSync(tar);
    const cut = blob.subarray(0, blob.length - 10);
    await expect(unpackBlob(directory.path, cut, { compression, tar })).rejects.toThrow(corrupt);
    const garbage = Buffer.from('this is not compressed at all');
    await expect(unpackBlob(directory.path, garbage, { compression, tar })).rejects.toThrow(
      corrupt,
    );
    const damaged = Buffer.from(blob);
    damaged.fill(0x55, 20, 60);
    await expect(unpackBlob(directory.path, damaged, { compression, tar })).rejects.toThrow(
      corrupt,
    );
  });

  it('takes a terabyte of holes without using the disk', async () => {
    const pax = { 'GNU.sparse.size': String(2 ** 40), 'GNU.sparse.map': `${String(2 ** 39)},4` };
    const sparse = makeTar([{ name: 'huge', content: 'data', pax }]);
    const layer = await unpackBlob(directory.path, sparse);
    const disk = await composeDisk(directory.path, [layer]);
    expect(disk.length).toBeLessThan(8 * 2 ** 20);
  });

  it(
    'ends in a layer or a LayerProblem whatever the bytes, and writes nothing elsewhere',
    { timeout: 60_000 },
    async () => {
      await using outside = await makeTemporaryDirectory();
      const hostile = makeTar([
        { name: `${outside.path}/absolute`, content: 'x' },
        { name: `${'../'.repeat(20)}${outside.path}/climbing`, content: 'x' },
        { name: 'link', type: 'symlink', target: outside.path },
        { name: 'link/through', content: 'x' },
        { name: 'hard', type: 'link', target: `${outside.path}/absolute` },
      ]);
      const change = fc.array(fc.tuple(fc.nat(hostile.length - 1), fc.nat(255)), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(change, fc.nat(hostile.length), async (changes, length) => {
          const bytes = Buffer.from(hostile.subarray(0, length));
          for (const [at, value] of changes) bytes[at] = value;
          try {
            await composeDisk(directory.path, [await unpackBlob(directory.path, bytes)]);
          } catch (error) {
            expect(error).toBeInstanceOf(LayerProblem);
          }
        }),
        { numRuns: 50 },
      );
      expect(await readdir(outside.path)).toEqual([]);
    },
  );
});
