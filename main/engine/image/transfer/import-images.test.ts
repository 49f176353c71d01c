/** The forms that archives and layouts of images have. Hostile ones: import-hostile.test.ts. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { entriesOfLayout, sha256 } from '../../testing/image-archives.ts';
import { baseLayer, dockerArchive, layerOf, useImportTrial } from '../../testing/import-trial.ts';
import { makeTar, type TarEntry } from '../../testing/tar.ts';
import { writeMultiPlatformIndex } from '../../testing/write-oci-layout.ts';

const trial = useImportTrial();

/** Several frames, the first of which is to be passed over (RFC 8878, 3.1.2). */
function zstdFrames(bytes: Buffer): Buffer {
  const skippable = Buffer.from('502a4d1804000000aabbccdd', 'hex');
  const frames = [bytes.subarray(0, 700), bytes.subarray(700)];
  return Buffer.concat(frames.flatMap((frame) => [skippable, zstdCompressSync(frame)]));
}

describe('an archive', () => {
  it.each([
    ['plain', (tar: Buffer) => tar],
    ['with gzip', gzipSync],
    ['with zstd', zstdCompressSync],
    ['with zstd in frames', zstdFrames],
  ])('of an OCI layout is imported %s, whatever its name', async (_, compress) => {
    const { dir, manifest } = await trial.layout();
    const file = await trial.write(compress(makeTar(await entriesOfLayout(dir))), 'archive.zip');
    const heard: string[] = [];
    const images = await trial.library.transfer.import(file, {
      onProgress: ({ type }) => heard.push(type),
    });
    expect(images).toMatchObject([
      { reference: 'registry.example/app:1', digest: manifest.digest },
    ]);
    expect([...new Set(heard)]).toEqual(['read', 'images', 'resolved', 'layer', 'root']);
    expect(await trial.library.list()).toMatchObject([
      { digest: manifest.digest, layers: [{}, {}] },
    ]);
  });

  it('of Docker gives a manifest that is the same each time', async () => {
    const entries = dockerArchive({
      tars: [baseLayer, layerOf('top')],
      names: ['app:1', 'registry.example/b'],
    });
    const file = await trial.write(makeTar(entries));
    const [first, second] = await trial.library.transfer.import(file);
    expect(first?.reference).toBe('docker.io/library/app:1');
    expect(second?.reference).toBe('registry.example/b:latest');
    expect(second?.digest).toBe(first?.digest);
    const again = await trial.library.transfer.import(
      await trial.write(gzipSync(makeTar(entries.reverse()))),
    );
    expect(again.map(({ digest }) => digest)).toEqual([first?.digest, first?.digest]);
  });

  it('of Docker may have compressed layers', async () => {
    const tars = [baseLayer, layerOf('top'), layerOf('over it')];
    const stored = [
      gzipSync(baseLayer),
      zstdCompressSync(layerOf('top')),
      zstdFrames(layerOf('over it')),
    ];
    const file = await trial.write(makeTar(dockerArchive({ tars, stored, names: ['app'] })));
    await trial.library.transfer.import(file);
    const [image] = await trial.library.list();
    expect(image?.layers.map(({ digest }) => digest)).toEqual(
      stored.map((bytes) => `sha256:${sha256(bytes)}`),
    );
  });

  it.each(['symlink', 'link'] as const)('of old Docker shares layers by a %s', async (type) => {
    const entries = dockerArchive({ tars: [baseLayer], names: ['app'] });
    const path = entries.find(({ name }) => name.endsWith('layer.tar'))?.name ?? '';
    const linked = entries.map((entry): TarEntry => {
      if (entry.name !== path) return entry;
      return { name: path, type, target: type === 'link' ? 'one.tar' : '../one.tar' };
    });
    const file = await trial.write(makeTar([{ name: 'one.tar', content: baseLayer }, ...linked]));
    expect(await trial.references(file)).toEqual(['docker.io/library/app:latest']);
  });

  it('that is both is read as a layout, with the names of either', async () => {
    const { dir, manifest, config } = await trial.layout({ refName: '1' });
    const hex = config.digest.slice(7);
    const list = [{ Config: `blobs/sha256/${hex}`, RepoTags: ['app:1'], Layers: [] }];
    const entries = [
      ...(await entriesOfLayout(dir)),
      { name: 'manifest.json', content: JSON.stringify(list) },
    ];
    expect(await trial.library.transfer.import(await trial.write(makeTar(entries)))).toMatchObject([
      { reference: 'docker.io/library/app:1', digest: manifest.digest },
    ]);
  });

  it('with several images brings all of them', async () => {
    await trial.layout();
    const { dir } = await trial.layout({ refName: 'registry.example/other:2' }, [baseLayer]);
    const file = await trial.write(makeTar(await entriesOfLayout(dir)));
    expect(await trial.references(file)).toEqual([
      'registry.example/app:1',
      'registry.example/other:2',
    ]);
  });

  it('with several images has no one name', async () => {
    const file = makeTar(
      dockerArchive({ tars: [baseLayer], names: ['a'] }, { tars: [layerOf('x')], names: ['b'] }),
    );
    const { code, message } = await trial.refusal(file, 'mine');
    expect(code).toBe('image/reference-invalid');
    expect(message).toContain('"a", "b"');
  });

  it('without a name needs one', async () => {
    const bytes = makeTar(dockerArchive({ tars: [baseLayer] }));
    expect((await trial.refusal(bytes)).code).toBe('image/reference-invalid');
    expect(await trial.references(await trial.write(bytes), 'mine:1')).toEqual([
      'docker.io/library/mine:1',
    ]);
  });

  it('is resolved to the platform of this machine', async () => {
    const arm = await trial.layout({ architecture: 'arm64', refName: 'arm' });
    const amd = await trial.layout({ refName: 'amd' }, [baseLayer]);
    const platforms = [
      { manifest: arm.manifest, architecture: 'arm64' },
      { manifest: amd.manifest, architecture: 'amd64' },
    ];
    await writeMultiPlatformIndex(amd.dir, platforms, 'registry.example/app:1');
    const entries = (await entriesOfLayout(amd.dir)).filter(
      // Docker leaves the images of other platforms out.
      ({ name }) =>
        !arm.layers.some(
          ({ digest }) => name.endsWith(digest.slice(7)) && digest !== amd.layers[0]?.digest,
        ),
    );
    const index = entries.find(({ name }) => name === 'index.json');
    const { manifests } = JSON.parse(String(index?.content)) as { manifests: unknown[] };
    const content = JSON.stringify({ schemaVersion: 2, manifests: manifests.slice(2) });
    const spoiled = entries.map((entry) => (entry === index ? { ...entry, content } : entry));
    expect(await trial.library.transfer.import(await trial.write(makeTar(spoiled)))).toMatchObject([
      { digest: amd.manifest.digest },
    ]);
  });

  it.each(['oci', 'docker'])('of another platform says which there are (%s)', async (form) => {
    const { dir } = await trial.layout({ architecture: 's390x' });
    const entries =
      form === 'oci'
        ? await entriesOfLayout(dir)
        : dockerArchive({ tars: [baseLayer], names: ['a'], architecture: 's390x' });
    const { code, details } = await trial.refusal(makeTar(entries));
    expect({ code, details }).toEqual({
      code: 'image/platform-unavailable',
      details: { available: ['linux/s390x'] },
    });
  });
});

describe('a directory', () => {
  it('of an OCI layout is imported', async () => {
    const { dir, manifest } = await trial.layout();
    expect(await trial.library.transfer.import(dir)).toMatchObject([{ digest: manifest.digest }]);
  });

  it('is not left by a symlink', async () => {
    const { dir, layers } = await trial.layout();
    const blob = join(dir, 'blobs', 'sha256', layers[0]?.digest.slice(7) ?? '');
    const outside = await trial.write(baseLayer, 'outside');
    execFileSync('rm', [blob]);
    await symlink(outside, blob);
    expect(await trial.invalid(dir)).toContain('which it does not have');
  });

  it('without a layout is refused', async () => {
    const dir = trial.path('empty');
    await mkdir(dir);
    expect(await trial.invalid(dir)).toContain('it has no file oci-layout');
  });

  it('with a blob that is another is refused', async () => {
    const { dir, layers } = await trial.layout();
    const { digest = '', size = 0 } = layers[0] ?? {};
    await writeFile(join(dir, 'blobs', 'sha256', digest.slice(7)), Buffer.alloc(size));
    expect(await trial.invalid(dir)).toContain(`with the digest ${digest}`);
  });
});
