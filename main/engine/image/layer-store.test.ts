/** Layers of which several are made at the same time. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '../oci/digest.ts';
import { GrowingBlob } from '../oci/growing-blob.ts';
import { makeTar } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { LayerStore, type UnpackableLayer } from './layer-store.ts';
import type { WorkerJob } from './layer-worker.ts';
import type { WorkerOptions } from './run-worker.ts';
import { runWorker as runInline } from './testing/run-inline.ts';

/** What a job waits for when it has done its work, by the name of the layer. */
const gates = new Map<string, Promise<undefined>>();

vi.mock('./run-worker.ts', () => ({
  runWorker: async (job: WorkerJob, options: WorkerOptions) => {
    const path = options.growing?.path;
    const whole = path === undefined ? job : ({ ...job, blob: { path } } as WorkerJob);
    await runInline(whole, options);
    await gates.get(options.what);
  },
}));

const tar = makeTar([{ name: 'file', content: 'x'.repeat(10_000) }]);
const diffId = digestOf(tar);

describe('LayerStore', () => {
  const directory = useTemporaryDirectory();
  let store: LayerStore;

  beforeEach(async () => {
    gates.clear();
    store = await LayerStore.open(join(directory.path, 'store'));
  });

  /** The same tar, compressed in one of several ways. */
  async function blobOf(level: number): Promise<{ layer: UnpackableLayer; path: string }> {
    const bytes = gzipSync(tar, { level });
    const path = join(directory.path, `blob-${String(level)}`);
    await writeFile(path, bytes);
    return { layer: { digest: digestOf(bytes), diffId, compression: 'gzip' }, path };
  }

  const inode = async (): Promise<number> => (await stat(store.dataPath(diffId))).ino;
  const unfinished = (): Promise<string[]> => readdir(join(directory.path, 'store/unfinished'));

  it('never takes away what is there for what comes of another blob', async () => {
    const [first, second] = [await blobOf(1), await blobOf(9)];
    expect(first.layer.digest).not.toBe(second.layer.digest);
    const gate = Promise.withResolvers<undefined>();
    gates.set(`Layer ${second.layer.digest}`, gate.promise);
    const late = store.ensure(second.layer, second.path);
    // A check that mends makes the layer of whatever blob it has.
    await store.replace(first.layer, first.path);
    const before = await inode();
    gate.resolve(undefined);
    await late;
    expect(await inode()).toBe(before);
    expect(await unfinished()).toEqual([]);
  });

  it('can be mended while a pull makes the same layer', async () => {
    const { layer, path } = await blobOf(1);
    for (let round = 0; round < 30; round += 1) {
      await store.remove(diffId);
      await Promise.all([
        store.ensure(layer, path),
        store.replace(layer, path),
        store.replace(layer, path),
      ]);
      expect(await store.has(diffId)).toBe(true);
      expect(await unfinished()).toEqual([]);
    }
  });

  it('keeps nothing of a blob that has not proved right', async () => {
    const { layer, path } = await blobOf(1);
    const blob = new GrowingBlob(path);
    blob.growTo((await readFile(path)).length);
    await expect(store.ensure(layer, blob)).rejects.toThrow('whole');
    expect(await store.has(diffId)).toBe(false);
    expect(await unfinished()).toEqual([]);
    blob.end('complete');
    await store.ensure(layer, blob);
    expect(await store.has(diffId)).toBe(true);
  });

  it('lets an image that lies about a layer spoil it for no other', async () => {
    const blob = gzipSync(tar);
    const path = join(directory.path, 'blob');
    await writeFile(path, blob);
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
});
