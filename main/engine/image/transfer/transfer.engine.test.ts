/** Archives of and for other programs: skopeo and podman, in a storage of their own. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { makeContainerStorage } from '../../testing/container-storage.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { runTool } from '../../testing/run-tool.ts';
import { makeTar } from '../../testing/tar.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { writeOciLayout, type WrittenImage } from '../../testing/write-oci-layout.ts';
import { ImageLibrary } from '../image-library.ts';

const directory = useTemporaryDirectory();
let storage: AsyncDisposable;
let library: ImageLibrary;

beforeAll(async () => {
  storage = await makeContainerStorage();
});

afterAll(async () => {
  await storage[Symbol.asyncDispose]();
});

beforeEach(async () => {
  library = await ImageLibrary.open({ dir: path('store'), logger: silentLogger });
});

const path = (name: string): string => join(directory.path, name);
const name = 'registry.example/team/busybox:1';

/** An image without a name that would be one. */
function busybox(): Promise<WrittenImage> {
  return writeBusyboxImage(path('layout'), { refName: 'image' });
}

async function skopeoCopy(image: WrittenImage, to: string, ...options: string[]): Promise<void> {
  await runTool('skopeo', ['copy', '--quiet', ...options, `oci:${image.dir}:image`, to]);
}

async function compress(file: string, form: 'gzip' | 'zstd'): Promise<string> {
  const bytes = await readFile(file);
  const compressed = `${file}.${form}`;
  await writeFile(compressed, form === 'gzip' ? gzipSync(bytes) : zstdCompressSync(bytes));
  return compressed;
}

interface PodmanImage {
  readonly Names?: readonly string[];
  readonly Digest: string;
  readonly Id: string;
}

async function podmanImages(): Promise<PodmanImage[]> {
  const output = await runTool('podman', ['images', '--format', 'json', '--no-trunc']);
  return JSON.parse(output) as PodmanImage[];
}

async function forgetPodmanImages(): Promise<void> {
  await runTool('podman', ['rmi', '--all', '--force']);
}

describe('an archive of skopeo', () => {
  it('of an OCI layout is the same image, compressed or not', async () => {
    const image = await busybox();
    const file = path('oci.tar');
    await skopeoCopy(image, `oci-archive:${file}:${name}`);
    const files = [file, await compress(file, 'gzip'), await compress(file, 'zstd')];
    for (const archive of files) {
      expect(await library.transfer.import(archive)).toMatchObject([
        { reference: name, digest: image.manifest.digest },
      ]);
    }
  });

  it.each(['gzip', 'zstd', 'zstd:chunked'])('may have layers in %s', async (format) => {
    const image = await busybox();
    const file = path('oci.tar');
    const options = ['--dest-compress', '--dest-compress-format', format];
    await skopeoCopy(image, `oci-archive:${file}:${name}`, ...options);
    expect(await library.transfer.import(file)).toMatchObject([{ reference: name }]);
  });

  it('for Docker is the same image, compressed or not', async () => {
    const image = await busybox();
    const file = path('docker.tar');
    await skopeoCopy(image, `docker-archive:${file}:${name}`);
    const files = [file, await compress(file, 'gzip'), await compress(file, 'zstd')];
    const digests = new Set<string>();
    for (const archive of files) {
      const [imported] = await library.transfer.import(archive);
      expect(imported?.reference).toBe(name);
      digests.add(imported?.digest ?? '');
    }
    expect(digests.size).toBe(1);
    const [listed] = await library.list();
    expect(listed?.layers.map(({ diffId }) => diffId)).toEqual(
      image.layers.map(({ diffId }) => diffId),
    );
  });

  it('with the documents of Docker is read', async () => {
    const image = await busybox();
    const dir = path('v2s2');
    await skopeoCopy(image, `dir:${dir}`, '--format', 'v2s2');
    await runTool('skopeo', [
      'copy',
      '--quiet',
      `dir:${dir}`,
      `docker-archive:${path('d.tar')}:${name}`,
    ]);
    expect(await library.transfer.import(path('d.tar'))).toMatchObject([{ reference: name }]);
  });
});

describe('podman', () => {
  it('loads what is exported, by its name and with its digest', async () => {
    const image = await busybox();
    await library.transfer.import(image.dir, { as: name });
    const file = path('exported.tar');
    await library.transfer.export([name], { path: file, format: 'oci', replace: false });
    await runTool('podman', ['load', '--quiet', '--input', file]);
    const [loaded, ...others] = await podmanImages();
    expect(others).toEqual([]);
    expect(loaded?.Names).toEqual([name]);
    expect(`sha256:${loaded?.Id ?? ''}`).toBe(image.config.digest);
    const inspected = await runTool('skopeo', ['inspect', `oci-archive:${file}:${name}`]);
    expect(JSON.parse(inspected)).toMatchObject({ Digest: image.manifest.digest });
    await forgetPodmanImages();
  });

  it.each(['oci', 'docker'] as const)('loads several images (%s)', async (format) => {
    const image = await busybox();
    await library.transfer.import(image.dir, { as: name });
    const small = await writeOciLayout(path('small'), [makeTar([{ name: 'file' }])]);
    await library.transfer.import(small.dir, { as: 'small' });
    await library.transfer.import(small.dir, { as: 'other:2' });
    const file = path('exported.tar');
    await library.transfer.export([name, 'small', 'other:2'], {
      path: file,
      format,
      replace: false,
    });
    await runTool('podman', ['load', '--quiet', '--input', file]);
    const names = (await podmanImages()).flatMap((loaded) => loaded.Names ?? []);
    // It lists an image once for each of its names.
    expect([...new Set(names)].sort()).toEqual([
      'docker.io/library/other:2',
      'docker.io/library/small:latest',
      name,
    ]);
    await forgetPodmanImages();
  });

  it.each(['oci-archive', 'docker-archive'])('saves what is imported (%s)', async (format) => {
    const image = await busybox();
    await library.transfer.import(image.dir, { as: name });
    await library.transfer.export([name], {
      path: path('exported.tar'),
      format: 'oci',
      replace: false,
    });
    await runTool('podman', ['load', '--quiet', '--input', path('exported.tar')]);
    const saved = path('saved.tar');
    await runTool('podman', ['save', '--quiet', '--format', format, '--output', saved, name]);
    await forgetPodmanImages();
    const other = await ImageLibrary.open({ dir: path('other'), logger: silentLogger });
    expect(await other.transfer.import(saved)).toMatchObject([{ reference: name }]);
    const [listed] = await other.list();
    expect(listed?.layers.map(({ diffId }) => diffId)).toEqual(
      image.layers.map(({ diffId }) => diffId),
    );
  });
});

describe.runIf(process.getuid?.() === 0)('a full disk', () => {
  /** A file system of its own, for its size. */
  async function withSmallDisk(work: (dir: string) => Promise<void>): Promise<void> {
    const dir = path('small-disk');
    await mkdir(dir);
    await runTool('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
    try {
      await work(dir);
    } finally {
      await runTool('umount', [dir]);
    }
  }

  it('ends an import, which leaves nothing', async () => {
    const image = await busybox();
    const file = path('docker.tar');
    await skopeoCopy(image, `docker-archive:${file}:${name}`);
    await withSmallDisk(async (dir) => {
      const small = await ImageLibrary.open({ dir, logger: silentLogger });
      await expect(small.transfer.import(file)).rejects.toMatchObject({ code: 'store/no-space' });
      await expect(small.transfer.import(image.dir, { as: name })).rejects.toMatchObject({
        code: 'store/no-space',
      });
      expect(await small.list()).toEqual([]);
      expect(await readdir(join(dir, 'unfinished'))).toEqual([]);
      expect(await readdir(join(dir, 'partial'))).toEqual([]);
    });
  });

  it.each(['oci', 'docker'] as const)(
    'ends an export, which leaves nothing (%s)',
    async (format) => {
      const image = await busybox();
      await library.transfer.import(image.dir, { as: name });
      await withSmallDisk(async (dir) => {
        await writeFile(join(dir, 'ballast'), Buffer.alloc(512 * 1024));
        const options = { path: join(dir, 'archive.tar'), format, replace: false };
        await expect(library.transfer.export([name], options)).rejects.toMatchObject({
          code: 'store/no-space',
        });
        expect(await readdir(dir)).toEqual(['ballast']);
      });
    },
  );
});
