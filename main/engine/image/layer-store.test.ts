import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { digestOf } from '../oci/digest.ts';
import { makeTar } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { LayerStore } from './layer-store.ts';

vi.mock('./run-worker.ts', () => import('./testing/run-inline.ts'));

const directory = useTemporaryDirectory();

it('lets an image that lies about a layer spoil it for no other', async () => {
  const tar = makeTar([{ name: 'file', content: 'content' }]);
  const blob = gzipSync(tar);
  const path = join(directory.path, 'blob');
  await writeFile(path, blob);
  const store = await LayerStore.open(join(directory.path, 'store'));
  const layer = { digest: digestOf(blob), diffId: digestOf(tar), compression: 'gzip' } as const;
  const other = join(directory.path, 'other');
  await writeFile(other, gzipSync('another tar'));
  const corrupt = expect.objectContaining({ code: 'image/layer-corrupt' }) as Error;
  const settled = await Promise.allSettled([
    store.ensure({ ...layer, diffId: digestOf(Buffer.from('another tar')) }, path),
    store.ensure({ ...layer, digest: digestOf(gzipSync('another tar')) }, other),
    store.ensure(layer, path),
  ]);
  expect(settled).toEqual([
    { status: 'rejected', reason: corrupt },
    { status: 'rejected', reason: corrupt },
    { status: 'fulfilled', value: undefined },
  ]);
  expect(await store.has(layer.diffId)).toBe(true);
});

it('unpacks a layer once that comes in two blobs at the same time', async () => {
  const tar = makeTar([{ name: 'file', content: 'content' }]);
  const store = await LayerStore.open(join(directory.path, 'store'));
  const blobs = [gzipSync(tar), zstdCompressSync(tar)];
  const layers = blobs.map(async (blob, index) => {
    const path = join(directory.path, String(index));
    await writeFile(path, blob);
    const compression = index === 0 ? 'gzip' : 'zstd';
    const layer = { digest: digestOf(blob), diffId: digestOf(tar), compression } as const;
    return () => store.ensure(layer, path);
  });
  const unpack = await Promise.all(layers);
  await Promise.all(unpack.map((one) => one()));
  expect(await store.has(digestOf(tar))).toBe(true);
  expect(await readdir(join(directory.path, 'store', 'unfinished'))).toEqual([]);
});
