import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import {
  writeMultiPlatformIndex,
  writeOciLayout,
  type WrittenImage,
} from '../testing/write-oci-layout.ts';
import { ContentStore } from './content-store.ts';
import type { ResolvedImage } from './image-source.ts';
import { OciLayout } from './oci-layout.ts';

const platform = { os: 'linux', architecture: 'amd64' } as const;
const reference = { registry: 'docker.io', repository: 'skerry/starter', tag: 'latest' };

describe('OciLayout', () => {
  const temporary = useTemporaryDirectory();
  const dir = (): string => join(temporary.path, 'layout');
  const openStore = (): Promise<ContentStore> => ContentStore.open(join(temporary.path, 'store'));
  const write = (): Promise<WrittenImage> =>
    writeOciLayout(dir(), [Buffer.from('one'), Buffer.from('two')], {
      architecture: 'amd64',
      config: { Cmd: ['/bin/sh'] },
    });
  const blobPath = (digest: string): string =>
    join(dir(), 'blobs', 'sha256', digest.replace('sha256:', ''));

  async function resolve(refName = 'latest'): Promise<[ResolvedImage, OciLayout, ContentStore]> {
    const store = await openStore();
    const layout = await OciLayout.open(dir(), store);
    return [await layout.resolve(refName, { reference, platform }), layout, store];
  }

  it('gives an image under the name it is to have', async () => {
    const written = await write();
    const [image, layout, store] = await resolve();
    expect(image).toMatchObject({
      reference: 'docker.io/skerry/starter:latest',
      digest: written.manifest.digest,
      config: { cmd: ['/bin/sh'] },
      layers: written.layers,
    });
    for (const layer of image.layers) {
      await layout.fetchBlob(layer);
      expect(await readFile(store.blobPath(layer.digest))).toEqual(
        await readFile(blobPath(layer.digest)),
      );
    }
  });

  it('needs the layout no longer for what is in the store', async () => {
    await write();
    const [image, layout] = await resolve();
    for (const layer of image.layers) await layout.fetchBlob(layer);
    await rm(join(dir(), 'blobs'), { recursive: true });
    await expect(resolve()).resolves.toBeDefined();
    for (const layer of image.layers) await layout.fetchBlob(layer);
  });

  it('chooses the platform from an index', async () => {
    const amd64 = await write();
    const s390x = await writeOciLayout(dir(), [], { architecture: 's390x', refName: 'other' });
    await writeMultiPlatformIndex(
      dir(),
      [
        { manifest: s390x.manifest, architecture: 's390x' },
        { manifest: amd64.manifest, architecture: 'amd64' },
      ],
      'both',
    );
    expect((await resolve('both'))[0].digest).toBe(amd64.manifest.digest);
    await expect(resolve('other')).rejects.toMatchObject({ code: 'image/platform-unavailable' });
  });

  it('says that there is no such image, or no layout', async () => {
    await write();
    await expect(resolve('nothing')).rejects.toMatchObject({ code: 'image/not-found' });
    await expect(
      OciLayout.open(join(temporary.path, 'nowhere'), await openStore()),
    ).rejects.toMatchObject({ code: 'image/not-found' });
  });

  it('refuses a blob that is damaged', async () => {
    const { layers } = await write();
    const [layer] = layers;
    if (!layer) throw new Error('The image has a layer.');
    await writeFile(blobPath(layer.digest), Buffer.alloc(layer.size));
    const [, layout, store] = await resolve();
    await expect(layout.fetchBlob(layer)).rejects.toMatchObject({
      code: 'registry/digest-mismatch',
    });
    expect(await store.has(layer.digest)).toBe(false);
  });

  it.each([
    ['{"imageLayoutVersion":"2.0.0"}', 'image/unsupported'],
    ['not JSON', 'image/unsupported'],
    ['x'.repeat(5000), 'image/unsupported'],
  ])('refuses the marker %j', async (text, code) => {
    await write();
    await writeFile(join(dir(), 'oci-layout'), text);
    await expect(resolve()).rejects.toMatchObject({ code });
  });

  it('follows no symlink in the place of a blob', async () => {
    const { layers } = await write();
    const [layer] = layers;
    if (!layer) throw new Error('The image has a layer.');
    const outside = join(temporary.path, 'outside');
    await rename(blobPath(layer.digest), outside);
    await symlink(outside, blobPath(layer.digest));
    const [, layout] = await resolve();
    await expect(layout.fetchBlob(layer)).rejects.toMatchObject({ code: 'image/not-found' });
  });

  it('follows no symlink in the place of its directory', async () => {
    await write();
    const outside = join(temporary.path, 'outside');
    await mkdir(outside);
    await rename(join(dir(), 'blobs'), join(outside, 'blobs'));
    await symlink(join(outside, 'blobs'), join(dir(), 'blobs'));
    await expect(resolve()).rejects.toMatchObject({ code: 'image/not-found' });
  });

  it('may itself be reached by a symlink', async () => {
    await write();
    const link = join(temporary.path, 'link');
    await symlink(dir(), link);
    const layout = await OciLayout.open(link, await openStore());
    await expect(layout.resolve('latest', { reference, platform })).resolves.toBeDefined();
  });

  it('is cancelled before it copies', async () => {
    const { layers } = await write();
    const [, layout] = await resolve();
    const [layer] = layers;
    if (!layer) throw new Error('The image has a layer.');
    await expect(layout.fetchBlob(layer, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
  });
});
