import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBusyboxImage, writeEverythingImage } from '../../testing/images.ts';
import { parsedReference, pullImage } from '../../testing/pull-image.ts';
import {
  removeBlobFromRegistry,
  startRegistry,
  type TestRegistry,
} from '../../testing/registry.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import {
  hostArchitecture,
  writeMultiPlatformIndex,
  writeOciLayout,
  type WrittenImage,
} from '../../testing/write-oci-layout.ts';
import { ContentStore } from '../content-store.ts';
import { digestOf } from '../digest.ts';
import { RegistryClient } from './registry-client.ts';

describe('a pull from a real registry', () => {
  const temporary = useTemporaryDirectory();
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });

  const layoutDir = (): string => join(temporary.path, 'layout');
  const openStore = (): Promise<ContentStore> => ContentStore.open(join(temporary.path, 'store'));

  /** Every blob of the store is what its name says, and the layers are those that were written. */
  async function expectWhole(store: ContentStore, written: WrittenImage): Promise<void> {
    const blobs = join(temporary.path, 'store', 'blobs', 'sha256');
    for (const name of await readdir(blobs)) {
      expect(digestOf(await readFile(join(blobs, name)))).toBe(`sha256:${name}`);
    }
    for (const { digest } of written.layers) expect(await store.has(digest)).toBe(true);
    expect(await readdir(join(temporary.path, 'store', 'partial'))).toEqual([]);
  }

  it('brings an image of OCI media types', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const text = await registry.push(layoutDir(), 'latest', 'oci/busybox:1');
    const store = await openStore();
    const image = await pullImage(text, store);
    expect(image).toMatchObject({
      reference: text,
      digest: written.manifest.digest,
      config: { os: 'linux', architecture: hostArchitecture, cmd: ['/bin/sh'], workdir: '/' },
      layers: written.layers,
    });
    await expectWhole(store, written);
  });

  it('brings an image of Docker’s media types', async () => {
    const written = await writeEverythingImage(layoutDir());
    const text = await registry.push(layoutDir(), 'latest', 'docker/everything:1', {
      format: 'v2s2',
    });
    const store = await openStore();
    const image = await pullImage(text, store);
    expect(image.layers.map(({ mediaType, compression }) => [mediaType, compression])).toEqual(
      written.layers.map(() => ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip']),
    );
    expect(image.layers.map(({ diffId }) => diffId)).toEqual(
      written.layers.map(({ diffId }) => diffId),
    );
    await expectWhole(store, written);
  });

  it.each(['none', 'zstd'] as const)('brings layers with compression %s', async (compression) => {
    const written = await writeEverythingImage(layoutDir(), { compression });
    const text = await registry.push(layoutDir(), 'latest', `compression/${compression}:1`);
    const store = await openStore();
    const image = await pullImage(text, store);
    expect(image.layers.map((layer) => layer.compression)).toEqual([compression, compression]);
    await expectWhole(store, written);
  });

  it('brings the image of this machine from an index', async () => {
    const mine = await writeOciLayout(layoutDir(), [Buffer.from('mine')], { refName: 'mine' });
    const other = await writeOciLayout(layoutDir(), [Buffer.from('other')], {
      architecture: 's390x',
      refName: 'other',
    });
    await writeMultiPlatformIndex(
      layoutDir(),
      [
        { manifest: other.manifest, architecture: 's390x' },
        { manifest: mine.manifest, architecture: hostArchitecture },
      ],
      'both',
    );
    const text = await registry.push(layoutDir(), 'both', 'index/both:1', { allPlatforms: true });
    const store = await openStore();
    const image = await pullImage(text, store);
    expect(image.digest).toBe(mine.manifest.digest);
    await expectWhole(store, mine);
  });

  it('brings an image by digest', async () => {
    const written = await writeBusyboxImage(layoutDir());
    await registry.push(layoutDir(), 'latest', 'by/digest:1');
    const store = await openStore();
    const image = await pullImage(`${registry.host}/by/digest@${written.manifest.digest}`, store);
    expect(image.digest).toBe(written.manifest.digest);
  });

  it('goes on from an interrupted pull', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const [layer] = written.layers;
    if (!layer) throw new Error('The image has a layer.');
    const text = await registry.push(layoutDir(), 'latest', 'interrupted/busybox:1');
    const abort = new AbortController();
    const store = await openStore();
    const source = new RegistryClient({ store }).sourceFor(parsedReference(text));
    const interrupted = source.fetchBlob(layer, {
      signal: abort.signal,
      onProgress: (done) => {
        if (done > layer.size / 3) abort.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'operation/cancelled' });

    const progress: number[] = [];
    const later = await openStore();
    await new RegistryClient({ store: later })
      .sourceFor(parsedReference(text))
      .fetchBlob(layer, { onProgress: (done) => progress.push(done) });
    expect(progress[0]).toBeGreaterThan(layer.size / 3);
    await expectWhole(later, written);
  });

  it('goes on from a partial file with bytes that are wrong', async () => {
    const written = await writeBusyboxImage(layoutDir());
    const [layer] = written.layers;
    if (!layer) throw new Error('The image has a layer.');
    const text = await registry.push(layoutDir(), 'latest', 'torn/busybox:1');
    const store = await openStore();
    const partial = join(temporary.path, 'store', 'partial', layer.digest.replace('sha256:', ''));
    await writeFile(partial, Buffer.alloc(100_000));
    await pullImage(text, store);
    await expectWhole(store, written);
  });

  it('fetches nothing that is there already', async () => {
    await writeOciLayout(layoutDir(), [Buffer.from('a layer of this test alone')]);
    const text = await registry.push(layoutDir(), 'latest', 'twice/pulled:1');
    const store = await openStore();
    const image = await pullImage(text, store);
    for (const { digest } of image.layers) await removeBlobFromRegistry(registry, digest);
    await pullImage(text, store);
  });

  it('says that an image or a tag is not there', async () => {
    const store = await openStore();
    await expect(pullImage(`${registry.host}/no/such:1`, store)).rejects.toMatchObject({
      code: 'image/not-found',
    });
  });

  it('says that a layer is missing from the registry', async () => {
    const written = await writeOciLayout(layoutDir(), [Buffer.from('a layer that goes')]);
    const text = await registry.push(layoutDir(), 'latest', 'missing/layer:1');
    for (const { digest } of written.layers) await removeBlobFromRegistry(registry, digest);
    await expect(pullImage(text, await openStore())).rejects.toMatchObject({
      code: 'registry/bad-answer',
    });
  });
});
