import { chmod, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { readErofs } from '../erofs/testing/read-erofs.ts';
import { writeBusyboxImage, writeEverythingImage } from '../testing/images.ts';
import { removeBlobFromRegistry, startRegistry, type TestRegistry } from '../testing/registry.ts';
import { makeTar } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { writeOciLayout } from '../testing/write-oci-layout.ts';
import { ImageLibrary } from './image-library.ts';
import type { PreparedImage, PullProgress } from './types.ts';

describe('ImageLibrary', () => {
  const directory = useTemporaryDirectory();
  let registry: TestRegistry;

  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });

  const storeDir = (): string => join(directory.path, 'store');
  const open = (): Promise<ImageLibrary> =>
    ImageLibrary.open({ dir: storeDir(), logger: silentLogger });
  const layout = (name: string): string => join(directory.path, name);

  async function readDisk({ extents }: PreparedImage): Promise<ReturnType<typeof readErofs>> {
    const parts = await Promise.all(extents.map(({ path }) => readFile(path)));
    expect(parts.map(({ length }) => length)).toEqual(extents.map(({ sizeBytes }) => sizeBytes));
    return readErofs(Buffer.concat(parts));
  }

  async function pushBusybox(tag: string): Promise<string> {
    const image = await writeBusyboxImage(layout(tag));
    return await registry.push(image.dir, image.refName, `team/busybox:${tag}`);
  }

  it('pulls an image, says how far it is, and finds it again in any spelling', async () => {
    const reference = await pushBusybox('latest');
    const library = await open();
    const heard: PullProgress[] = [];
    const pulled = await library.pull(reference, {
      onProgress: (progress) => heard.push(progress),
    });
    expect(heard[0]?.type).toBe('resolved');
    expect(heard.at(-1)).toEqual({ type: 'root', phase: 'done' });
    const phases = heard.flatMap((progress) => (progress.type === 'layer' ? [progress.phase] : []));
    expect([...new Set(phases)]).toEqual(['download', 'unpack', 'done']);
    expect((await readDisk(pulled)).get('bin/sh')?.target).toBe('/bin/busybox');

    const withoutTag = reference.replace(':latest', '');
    expect(await library.get(withoutTag)).toEqual(pulled);
    expect(await library.getByDigest(pulled.digest)).toEqual(pulled);
    expect(await library.get('no/such/image')).toBeUndefined();
    expect(await library.getByDigest(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
    await library.close();

    const reopened = await open();
    expect(await reopened.get(reference)).toEqual(pulled);
    const [listed, ...others] = await reopened.list();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ reference: withoutTag, digest: pulled.digest });
    expect(listed?.diskBytes).toBeGreaterThan(listed?.layers[0]?.diskBytes ?? Infinity);
    await reopened.close();
  });

  it('fetches and unpacks nothing that is there', async () => {
    const shared = makeTar([{ name: 'shared', content: 'x'.repeat(10_000) }]);
    const images = await Promise.all(
      ['one', 'two'].map((name) =>
        writeOciLayout(layout(name), [shared, makeTar([{ name, content: name }])]),
      ),
    );
    const references: string[] = [];
    for (const [index, image] of images.entries()) {
      references.push(
        await registry.push(image.dir, image.refName, `team/sharing:${String(index)}`),
      );
    }
    const library = await open();
    const one = await library.pull(references[0] ?? '');
    const again: PullProgress[] = [];
    expect(await library.pull(references[0] ?? '', { onProgress: (p) => again.push(p) })).toEqual(
      one,
    );
    const phases = (heard: PullProgress[]): (string | undefined)[] =>
      heard.map((progress) => (progress.type === 'layer' ? progress.phase : progress.type));
    expect(phases(again)).toEqual(['resolved', 'present', 'present', 'root', 'root']);
    // What both have must come from the store now.
    await removeBlobFromRegistry(registry, images[1]?.layers[0]?.digest ?? '');
    const two = await library.pull(references[1] ?? '');
    expect(two.extents[1]).toEqual(one.extents[1]);
    expect(await readdir(join(storeDir(), 'layers'))).toHaveLength(3);
    await library.close();
  });

  it('shares the work of pulls at the same time', async () => {
    const reference = await pushBusybox('together');
    const library = await open();
    const pulls = await Promise.all([1, 2, 3].map(() => library.pull(reference)));
    expect(pulls[1]).toEqual(pulls[0]);
    expect(pulls[2]).toEqual(pulls[0]);
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
    await library.close();
  });

  it.each(['download', 'unpack'] as const)(
    'leaves nothing that counts when it is cancelled at %s, and goes on from there',
    async (phase) => {
      const reference = await pushBusybox(`cancelled-${phase}`);
      const library = await open();
      const abort = new AbortController();
      const cancelled = library.pull(reference, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (progress.type === 'layer' && progress.phase === phase) abort.abort();
        },
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'operation/cancelled' });
      expect(await library.get(reference)).toBeUndefined();
      expect(await library.list()).toEqual([]);
      expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
      expect((await readDisk(await library.pull(reference))).has('bin/busybox')).toBe(true);
      await library.close();
    },
  );

  it('cancels what is under way when it closes', async () => {
    const reference = await pushBusybox('closing');
    const library = await open();
    const closed = Promise.withResolvers<undefined>();
    const pull = library.pull(reference, {
      onProgress: () => {
        void library.close().then(() => {
          closed.resolve(undefined);
        });
      },
    });
    await expect(pull).rejects.toMatchObject({ code: 'operation/cancelled' });
    await closed.promise;
    await expect(library.pull(reference)).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('clears away what a killed process left', async () => {
    const left = join(storeDir(), 'unfinished', 'left-over');
    await (await open()).close();
    await writeFile(left, 'half a layer');
    await (await open()).close();
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
  });

  it('imports an image from a layout, every kind of file in it', async () => {
    const image = await writeEverythingImage(layout('everything'), { compression: 'zstd' });
    const library = await open();
    const imported = await library.importLayout(image.dir, image.refName, 'skerry/starter');
    expect(imported.reference).toBe('docker.io/skerry/starter:latest');
    const nodes = await readDisk(imported);
    expect(nodes.get('etc/hostname')?.content?.toString()).toBe('upper\n');
    expect(nodes.has('etc/removed')).toBe(false);
    expect((await library.list())[0]?.reference).toBe('skerry/starter');
    await library.close();
  });

  it('mends a store that was damaged when the image is pulled again', async () => {
    const reference = await pushBusybox('damaged');
    const library = await open();
    const { extents, digest } = await library.pull(reference);
    const [root, layer] = extents;
    const dataPath = layer?.path ?? '';
    const [layerName = ''] = await readdir(join(storeDir(), 'layers'));
    const indexPath = join(storeDir(), 'layers', layerName, 'index.v1');

    // A root that is gone and an index whose bytes changed.
    await rm(root?.path ?? '');
    expect(await library.get(reference)).toBeUndefined();
    const index = await readFile(indexPath);
    index[index.length - 1] = (index.at(-1) ?? 0) ^ 1;
    await chmod(indexPath, 0o600);
    await writeFile(indexPath, index);
    expect((await readDisk(await library.pull(reference))).has('bin/sh')).toBe(true);

    // Data that was cut.
    await truncate(dataPath, 4096);
    expect(await library.getByDigest(digest)).toBeUndefined();
    expect((await readDisk(await library.pull(reference))).has('bin/sh')).toBe(true);
    await library.close();
  });

  it.each([
    ['unsafe', 'image/layer-unsafe', makeTar([{ name: '../escape' }]), /"\.\.\/escape"/],
    [
      'cut',
      'image/layer-corrupt',
      makeTar([{ name: 'a', content: 'abc' }]).subarray(0, 514),
      /cut off/,
    ],
    [
      'linked',
      'image/layer-unsafe',
      makeTar([{ name: 'l', type: 'link', target: 'none' }]),
      /"none"/,
    ],
  ])('refuses a layer that is %s and records nothing', async (name, code, tar, message) => {
    const good = makeTar([{ name: 'good' }]);
    const image = await writeOciLayout(layout(name), [good, tar]);
    const library = await open();
    const imported = library.importLayout(image.dir, image.refName, 'test/hostile');
    await expect(imported).rejects.toMatchObject({ code });
    await expect(imported).rejects.toThrow(message);
    expect(await library.list()).toEqual([]);
    expect(await readdir(join(storeDir(), 'unfinished'))).toEqual([]);
    await library.close();
  });

  it('moves with its directory', async () => {
    const image = await writeBusyboxImage(layout('moving'));
    const library = await open();
    await library.importLayout(image.dir, image.refName, 'test/moving');
    await library.close();
    const dir = join(directory.path, 'moved');
    await cp(storeDir(), dir, { recursive: true });
    const moved = await ImageLibrary.open({ dir, logger: silentLogger });
    const found = await moved.get('test/moving');
    expect(found?.extents.every(({ path }) => path.startsWith(dir))).toBe(true);
    await moved.close();
  });

  it('refuses a reference that is none', async () => {
    const library = await open();
    await expect(library.pull('Not A Reference')).rejects.toMatchObject({
      code: 'image/reference-invalid',
    });
    await library.close();
  });
});
